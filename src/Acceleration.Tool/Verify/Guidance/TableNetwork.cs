using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>a·m + b·sin(m) with recorded coefficients of each network call, sample and branch.</summary>
internal sealed class TableNetwork : IDenoiser
{
    private readonly Tensor[] _slope;
    private readonly Tensor[] _wave;
    private readonly Func<StepInfo, int> _number;

    /// <param name="file">A guided loop.</param>
    /// <param name="type">What the network predicts.</param>
    /// <param name="size">Size of one sample.</param>
    /// <param name="number">The number of a network call over the whole run; null where each step has one.</param>
    public TableNetwork(GoldenFile file, PredictionType type, long[] size, Func<StepInfo, int>? number = null)
    {
        _number = number ?? (step => step.Index);

        // Loops without guidance have one branch.
        string[] branches = file.Has("table.uncond.a") ? ["cond", "uncond"] : ["cond"];
        (_slope, _wave) = (Array.ConvertAll(branches, b => file.Read($"table.{b}.a")), Array.ConvertAll(branches, b => file.Read($"table.{b}.b")));
        Info = RecordedNetwork.Info(type, size);
    }

    public DenoiserInfo Info { get; }

    /// <summary>Evaluations so far: the number of the call and the sample of each.</summary>
    public List<(int Call, int Sample)> Evaluated { get; } = [];

    /// <summary>Evaluations of each sample in a call.</summary>
    public long[] In(int call, int samples) => [.. Enumerable.Range(0, samples).Select(b => (long)Evaluated.Count(e => e == (call, b)))];

    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        var call = _number(evaluation.Step);
        Evaluated.AddRange(evaluation.Rows.Select(r => (call, r.Sample)));
        Tensor Of(Tensor[] table) => RecordedNetwork.PerRow(stack([.. evaluation.Rows.Select(r => table[r.Branch][call, r.Sample])], 0), latents);
        return (Of(_slope) * latents) + (Of(_wave) * latents.sin());
    }

    public void Dispose()
    {
        // The tensors belong to the scope in which the file was read.
    }
}
