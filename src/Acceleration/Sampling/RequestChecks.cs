namespace Acceleration;

/// <summary>Refuses requests that do not fit the network, before anything is allocated.</summary>
internal static class RequestChecks
{
    public static void Check(SamplingRequest request, DenoiserInfo network, int steps, IReadOnlyList<long> size)
    {
        network.RequireSize(size);
        ArgumentOutOfRangeException.ThrowIfNegative(request.PreviewEvery);
        CheckLabels(request.Condition, network);
        if (request.Negative is { } negative && negative.Rows != request.Condition.Rows && negative.Rows != 1)
        {
            throw new ArgumentException($"A negative condition has one row per sample ({request.Condition.Rows}) or one for all; it has {negative.Rows}.", nameof(request));
        }

        if (request.Latents is { } latents && !latents.shape.AsSpan().SequenceEqual([request.Condition.Rows, .. size]))
        {
            throw new ArgumentException(
                $"First latents must be [{request.Condition.Rows}, {string.Join(", ", size)}]; they are [{string.Join(", ", latents.shape)}].", nameof(request));
        }
    }

    private static void CheckLabels(Conditioning condition, DenoiserInfo network)
    {
        if (network.Classes == 0 || condition.Find("labels") is not { } labels)
        {
            return;
        }

        if (labels.dtype != TorchSharp.torch.ScalarType.Int64)
        {
            throw new ArgumentException($"Condition 'labels' must be int64; it is {labels.dtype}.", nameof(condition));
        }

        using var onHost = labels.cpu().contiguous();
        foreach (var label in onHost.data<long>().ToArray())
        {
            if (label < 0 || label > network.Classes)
            {
                throw new ArgumentOutOfRangeException(nameof(condition), label, $"{network.Name} has classes 0..{network.Classes - 1} (and {network.Classes} for none).");
            }
        }
    }
}
