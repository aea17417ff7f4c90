using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Time and observations, encoded, as keys and values for all blocks: computed once per call.</summary>
/// <param name="Observations">Embeds observations; null where the network reads none.</param>
/// <param name="Positions">[1, positions, width].</param>
/// <param name="Layers">A transformer that encodes them; empty for the small network.</param>
/// <param name="Enter">First layer of the small network.</param>
/// <param name="Leave">Its second layer.</param>
/// <param name="KeyValues">Keys and values of every block, side by side.</param>
/// <param name="Heads">Heads of the layers.</param>
/// <param name="Residual">Type of the stream.</param>
internal sealed record PolicyMemory(Linear? Observations, Tensor Positions, IReadOnlyList<PolicyBlock> Layers, Linear? Enter, Linear? Leave, Linear KeyValues, int Heads, ScalarType Residual)
{
    /// <summary>Multiply-adds of one row.</summary>
    /// <param name="certain">Positions that are always there.</param>
    /// <param name="varies">Whether there are as many more as a request brings observations.</param>
    public CostModel CostOf(int certain, bool varies)
    {
        var (width, observation) = (Positions.size(2), Observations?.MultiplyAdds ?? 0);
        var each = (Enter?.MultiplyAdds ?? 0) + (Leave?.MultiplyAdds ?? 0) + KeyValues.MultiplyAdds
            + Layers.Sum(l => l.Qkv.MultiplyAdds + l.Projection.MultiplyAdds + l.Up.MultiplyAdds + l.Down.MultiplyAdds);
        var pair = 2.0 * width * Layers.Count;
        var fixedPart = new CostModel((certain * each) + (pair * certain * certain) + ((certain - 1) * observation));
        return varies ? fixedPart with { PerText = each + observation + (2 * pair * certain), PerTextPair = pair } : fixedPart;
    }

    /// <param name="time">[rows, width].</param>
    /// <param name="observation">[rows, steps, observation width], or null.</param>
    /// <returns>[rows, positions, 2·blocks·width].</returns>
    public Tensor Compute(Tensor time, Tensor? observation)
    {
        using var scope = NewDisposeScope();
        var x = time.unsqueeze(1);
        x = observation is null ? x : cat([x, Observations!.Apply(observation)], 1);
        x = x.Plus(Positions.narrow(1, 0, x.size(1)));
        if (Enter is not null)
        {
            x = Leave!.Apply(Activation.Mish.Apply(Enter.Apply(x)));
        }

        foreach (var layer in Layers)
        {
            var joint = layer.Qkv.Apply(layer.AttentionNorm.Apply(x));
            var mixed = DenseAttention.Compute(Models.Heads.Of(joint, 0, 3, Heads), Models.Heads.Of(joint, 1, 3, Heads), Models.Heads.Of(joint, 2, 3, Heads));
            x = x.Plus(layer.Projection.Apply(Models.Heads.Join(mixed)).to(Residual));
            x = x.Plus(layer.Down.Apply(layer.Up.ApplyGelu(layer.FeedForwardNorm.Apply(x), GeluForm.Erf)).to(Residual));
        }

        return KeyValues.Apply(x).MoveToOuterDisposeScope();
    }
}
