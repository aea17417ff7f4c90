using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Outputs of a DiT of the original release, guided ones too.</summary>
internal sealed class DiTCheck() : ModelCheck<DiT>("DiT")
{
    protected override DiT Load(GoldenFile file) => DiT.Load(file.Path);

    protected override IEnumerable<(string Output, Tensor Made)> Run(DiT model, StoredCase given)
    {
        var (x, t, y) = (given.Read("x"), given.Read("t"), given.Read("y"));
        yield return given.Arguments.Get<double?>("cfg_scale", null) is { } scale ? ("cfg", GuidedDiT.Compute(model, x, t, y, scale)) : ("sample", Predict(model, x, t, y));
    }

    /// <summary>One call of the network, each row for itself.</summary>
    public static Tensor Predict(DiT network, Tensor x, Tensor t, Tensor y)
    {
        var rows = (int)x.size(0);
        using var labels = new Conditioning(rows, (ConditionNames.Labels, y.to(ScalarType.Int64)));
        return network.Predict(x.to(network.Info.DType), t.to(ScalarType.Float32), labels, Evaluation.Plain(rows));
    }
}
