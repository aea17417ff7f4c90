using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>What golden files of cached loops call the inputs and parts of a network.</summary>
internal abstract class StoredNetwork
{
    private static readonly StoredNetwork[] All = [new StoredFlux(), new StoredFilm("WanTransformer3DModel"), new StoredLatte()];

    protected StoredNetwork(string modelClass) => ModelClass = modelClass;

    public string ModelClass { get; }

    /// <summary>The time that the loop gives to the network at noise level 1.</summary>
    public virtual double TimeUnits => 1000;

    public static string Known => string.Join(", ", All.Select(n => n.ModelClass));

    public static StoredNetwork? Find(string? modelClass) => Array.Find(All, n => n.ModelClass == modelClass);

    /// <summary>The network, whose outputs the loops take for velocities, whatever it was trained for.</summary>
    public IDenoiser Load(GoldenFile file) => Networks.Load(file.Neighbour(file.Text("weights_fixture")), new() { Prediction = PredictionType.Flow });

    /// <summary>Stored latents as the library has them.</summary>
    public virtual Tensor Latents(GoldenFile file, Tensor stored) => stored;

    /// <summary>Latents as they are stored.</summary>
    public virtual Tensor Stored(Tensor latents) => latents;

    /// <summary>The condition, and the one of the other branch where there is guidance.</summary>
    public abstract (Conditioning Condition, Conditioning? Negative) Conditions(GoldenFile file, bool guided);

    /// <summary>How many rows of the reference's module a row is at an attention, where frames or places are rows of their own.</summary>
    public virtual long Fold(DenoiserInfo network, string site, Tensor latents) => 1;

    /// <summary>Path of the attention that a stored column counts.</summary>
    /// <exception cref="NotKnownException">There is none of this name.</exception>
    public string Site(IDenoiser network, string column) => Path(network, column.Split('.')) is { } path && network.Info.Sites.All.Any(s => s.Path == path)
        ? path
        : throw new NotKnownException($"computed_columns names '{column}', an attention that {ModelClass} does not have here.");

    protected abstract string? Path(IDenoiser network, string[] column);

    protected static int Number(string text) => int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var n) ? n : -1;
}
