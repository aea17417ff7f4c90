using Acceleration.Onnx;

namespace Acceleration.Tool;

/// <summary>What <c>inspect</c> found in an ONNX model.</summary>
/// <param name="File">Where it is.</param>
/// <param name="Kind">Whole or split.</param>
/// <param name="About">What it is told and predicts, in a line.</param>
/// <param name="Inputs">Its inputs and what each is given.</param>
/// <param name="Sites">Its sites.</param>
/// <param name="Strategies">What applies.</param>
internal sealed record OnnxInspection(string File, string Kind, string About, IReadOnlyList<OnnxInputLine> Inputs, IReadOnlyList<SiteLine> Sites, IReadOnlyList<StrategyLine> Strategies)
{
    public int Schema { get; init; } = 1;

    /// <exception cref="OnnxException">The model cannot be loaded.</exception>
    public static OnnxInspection Of(string path, OnnxOptions options)
    {
        Runtime.Load();
        using var network = OnnxDenoiser.Load(path, options);
        return new(
            path,
            network.IsSplit ? "split ONNX model" : "ONNX model; 'acceleration split' opens its blocks to strategies",
            Inspection.Describe(network.Info),
            [.. network.Inputs.Select(i => new OnnxInputLine(i.Form, i.What))],
            SiteLine.Of(network.Info),
            StrategySurvey.Of(network));
    }
}

/// <summary>An input of a model.</summary>
/// <param name="Input">Name, type and size.</param>
/// <param name="What">What it is given.</param>
internal sealed record OnnxInputLine(string Input, string What);
