using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>a·m + b·sin(m) with recorded coefficients of each network call, sample and branch.</summary>
internal sealed class TableNetwork : IDenoiser
{
    private readonly Tensor[] _slope;
    private readonly Tensor[] _wave;

    /// <param name="file">A guided loop.</param>
    /// <param name="type">What the network predicts.</param>
    /// <param name="size">Size of one sample.</param>
    public TableNetwork(GoldenFile file, PredictionType type, long[] size)
    {
        // Loops without guidance have one branch.
        string[] branches = file.Has("table.uncond.a") ? ["cond", "uncond"] : ["cond"];
        (_slope, _wave) = (Array.ConvertAll(branches, b => file.Read($"table.{b}.a")), Array.ConvertAll(branches, b => file.Read($"table.{b}.b")));
        Info = RecordedNetwork.Info(type, size);
    }

    public DenoiserInfo Info { get; }

    /// <summary>Evaluations so far: the step and the sample of each.</summary>
    public List<(int Step, int Sample)> Evaluated { get; } = [];

    /// <summary>Evaluations of each sample in a step.</summary>
    public long[] In(int step, int samples) => [.. Enumerable.Range(0, samples).Select(b => (long)Evaluated.Count(e => e == (step, b)))];

    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        var step = evaluation.Step.Index;
        Evaluated.AddRange(evaluation.Rows.Select(r => (step, r.Sample)));
        Tensor Of(Tensor[] table) => RecordedNetwork.PerRow(stack([.. evaluation.Rows.Select(r => table[r.Branch][step, r.Sample])], 0), latents);
        return (Of(_slope) * latents) + (Of(_wave) * latents.sin());
    }

    public void Dispose()
    {
        // The tensors belong to the scope in which the file was read.
    }
}
