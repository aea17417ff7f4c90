namespace Acceleration;

/// <summary>Refuses requests that do not fit the network, before anything is allocated.</summary>
internal static class RequestChecks
{
    /// <summary>Refuses a request that <paramref name="sampler"/> cannot run.</summary>
    public static void Check(Sampler sampler, SamplingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var network = sampler.Denoiser.Info;
        var size = request.Size ?? network.SampleSize;
        Check(request, network, size, sampler.Stages[0].SizeFor(size, network));
        foreach (var strategy in sampler.Strategies)
        {
            if (strategy.Needs.RefuseRequest?.Invoke(request) is { } reason)
            {
                throw new ArgumentException($"{PlanException.Shorten(strategy.Tag)} cannot serve this request: {reason}", nameof(request));
            }
        }

        if (network.Unconditional is null && request.Negative is null && sampler.Strategies.FirstOrDefault(s => s.Needs.UnconditionalBranch) is { } guided)
        {
            throw new ArgumentException(
                $"{PlanException.Shorten(guided.Tag)} needs an unconditional branch, and {network.Name} knows none by itself: give {nameof(SamplingRequest)}.{nameof(SamplingRequest.Negative)}, such as the encoded negative or empty prompt.", nameof(request));
        }

        OtherConditions.Require(sampler, request);
        foreach (var other in request.Others)
        {
            CheckLabels(other, network);
        }

        if (!sampler.Forced)
        {
            sampler.Calibration?.Require(new() { Size = size });
        }
    }

    /// <param name="request">What to sample.</param>
    /// <param name="network">What is to sample it.</param>
    /// <param name="size">Requested latent size of one sample.</param>
    /// <param name="firstSize">That of the first stage.</param>
    public static void Check(SamplingRequest request, DenoiserInfo network, IReadOnlyList<long> size, IReadOnlyList<long> firstSize)
    {
        network.RequireSize(size);
        ArgumentOutOfRangeException.ThrowIfNegative(request.PreviewEvery);
        if (network.Classes > 0 && network.Conditions.Count == 0 && request.Condition.Find(ConditionNames.Labels) is null)
        {
            throw new ArgumentException(
                $"{network.Name} has {network.Classes} classes, and the condition has no 'labels' ({(request.Condition.Names.Count == 0 ? "it is empty" : $"it has {string.Join(", ", request.Condition.Names)}")}): give one for each sample, for example {nameof(Conditioning)}.{nameof(Conditioning.Labels)}(0, 1).", nameof(request));
        }

        ConditionChecks.Require(request.Condition, network, "condition");
        CheckLabels(request.Condition, network);
        if (request.Negative is { } negative)
        {
            ConditionChecks.Require(negative, network, "negative condition");
            CheckLabels(negative, network);
            if (negative.Rows != request.Condition.Rows && negative.Rows != 1)
            {
                throw new ArgumentException($"A negative condition has one row per sample ({request.Condition.Rows}) or one for all; it has {negative.Rows}.", nameof(request));
            }
        }

        if (request.Latents is { } latents && !latents.shape.AsSpan().SequenceEqual([request.Condition.Rows, .. firstSize]))
        {
            throw new ArgumentException(
                $"First latents must be [{request.Condition.Rows}, {string.Join(", ", firstSize)}]; they are [{string.Join(", ", latents.shape)}].", nameof(request));
        }
    }

    /// <summary>Refuses what a network's own <see cref="DenoiserInfo.Unconditional"/> made of a condition, and releases it.</summary>
    /// <exception cref="InvalidOperationException">It is nothing, or has other rows, or labels that the network does not know.</exception>
    public static Conditioning RequireUnconditional(Conditioning? made, Conditioning of, DenoiserInfo network)
    {
        try
        {
            if (made is null || (made.Rows != of.Rows && made.Rows != 1))
            {
                throw new ArgumentException(made is null ? "nothing" : $"{made.Rows} rows");
            }

            CheckLabels(made, network);
            return made;
        }
        catch (ArgumentException e)
        {
            if (!ReferenceEquals(made, of))
            {
                made?.Dispose();
            }

            throw new InvalidOperationException($"{network.Name}: {nameof(DenoiserInfo.Unconditional)} returned for a condition of {of.Rows} rows what cannot be its unconditional one ({e.Message}); expected a row for each, or one for all.", e);
        }
    }

    private static void CheckLabels(Conditioning condition, DenoiserInfo network)
    {
        if (network.Classes == 0 || condition.Find(ConditionNames.Labels) is not { } labels)
        {
            return;
        }

        if (labels.dtype != TorchSharp.torch.ScalarType.Int64)
        {
            throw new ArgumentException($"Condition 'labels' must be int64; it is {labels.dtype}.", nameof(condition));
        }

        var last = network.Unconditional is null ? network.Classes - 1 : network.Classes;
        foreach (var label in HostReads.Longs(labels))
        {
            if (label < 0 || label > last)
            {
                throw new ArgumentOutOfRangeException(nameof(condition), label, $"{network.Name} has classes 0..{network.Classes - 1}{(last == network.Classes ? $" (and {last} for none)" : "")}.");
            }
        }
    }
}
