using System.Globalization;
using System.Text;

namespace Acceleration;

/// <summary>A short hash of what the library can see of a network.</summary>
internal static class NetworkFingerprint
{
    public static string Of(DenoiserInfo network)
    {
        var text = new StringBuilder();
        void Line(params object?[] parts) => text.AppendJoin('|', parts.Select(p => p is IFormattable f ? f.ToString(null, CultureInfo.InvariantCulture) : p)).Append('\n');

        Line("network", network.Prediction, string.Join(',', network.SampleSize), network.Patch, network.SizeMultiple, network.LearnedVariance, network.Classes, network.HasUnconditional, network.Weights);
        if (network.Clock != ClockCheck.UsualOf(network.Prediction))
        {
            Line("clock", network.Clock);
        }

        if (network.FramePatch > 1)
        {
            Line("frames", network.FramePatch);
        }

        if (network.SpecialPerFrame > 0)
        {
            Line("special", network.SpecialPerFrame, network.SpecialPlace);
        }

        if (network.Noise is { } noise)
        {
            Line(["noise", .. noise.AlphaBars.Select(a => (object)BitConverter.SingleToUInt32Bits(a))]);
        }

        foreach (var site in network.Sites.All)
        {
            var cost = site.Cost;
            Line(site.Kind, site.Path, (int)site.Traits, cost.PerRow, cost.PerToken, cost.PerPair);
            if (cost != new CostModel(cost.PerRow, cost.PerToken, cost.PerPair))
            {
                Line("cost", cost.PerText, cost.PerTextToken, cost.PerTextPair, cost.PerFramePair, cost.PerPlacePair);
            }
        }

        return ShortHash.Of(text.ToString());
    }
}
