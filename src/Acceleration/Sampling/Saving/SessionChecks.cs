namespace Acceleration;

/// <summary>Refuses a session file whose numbers cannot be those of a session of this sampler, before they are used.</summary>
internal static class SessionChecks
{
    public static void Require(SavedSession saved, Sampler sampler, SafetensorsFile file)
    {
        var steps = sampler.Info.Stages.Select(s => s.Steps).ToArray();
        Check(saved.Stage >= 0 && saved.Stage <= steps.Length, $"it is in stage {saved.Stage} of {steps.Length}");
        var most = saved.Stage < steps.Length ? steps[saved.Stage] - 1 : 0;
        Check(saved.Step >= 0 && saved.Step <= most, $"it is in step {saved.Step}, where its stage has {most + 1}");
        var samples = file.Tensors.TryGetValue(SessionFile.Latents, out var latents) && latents.Shape.Count > 0 ? latents.Shape[0] : 0;
        Check(saved.Rows >= 1 && saved.Rows == samples, $"it has {saved.Rows} samples, where its latents have {samples} rows");
        Check(saved.NegativeRows is not { } negative || negative == 1 || negative == saved.Rows, $"its negative condition has {saved.NegativeRows} rows");
        int[] others = saved.OtherRows ?? [];
        Check(others.Length == OtherConditions.WantedBy(sampler), $"it has {others.Length} further conditions, where the sampler combines {OtherConditions.WantedBy(sampler)}");
        Check(others.All(r => r == 1 || r == saved.Rows), $"its further conditions have {string.Join(", ", others)} rows");
        Check(saved.PreviewEvery >= 0, $"its previews come every {saved.PreviewEvery} steps");
        Check(saved.History is >= 0 and <= 64, $"its solver has a history of {saved.History} entries");
        Check(saved.Stores.Length == sampler.Strategies.Count && !saved.Stores.Contains(null), $"it has the state of {saved.Stores.Length} strategies, where the sampler has {sampler.Strategies.Count}");
        Check(!saved.Routes.Contains(null), $"a route is null");
        try
        {
            sampler.Denoiser.Info.RequireSize(saved.Size);
        }
        catch (ArgumentException e)
        {
            throw new CheckpointException(file.FilePath, null, e.Message, e);
        }

        RequireTrace(saved, steps, Check);
        RequireDraws(saved, sampler, Check);

        void Check(bool holds, FormattableString what) => _ = holds ? 0 : throw new CheckpointException(file.FilePath, null, $"{FormattableString.Invariant(what)}: it is no session of this sampler, or damaged.");
    }

    /// <summary>Every step before the present one has a trace, in order.</summary>
    private static void RequireTrace(SavedSession saved, int[] steps, Action<bool, FormattableString> check)
    {
        var done = steps.Take(saved.Stage).Sum() + saved.Step;
        check(saved.Trace.Length == done, $"it has a trace of {saved.Trace.Length} steps, where {done} are done");
        var at = 0;
        for (var stage = 0; at < done; stage++)
        {
            for (var step = 0; step < steps[stage] && at < done; step++, at++)
            {
                var trace = saved.Trace[at];
                check(trace is not null && trace.Stage == stage && trace.Index == step, $"entry {at} of its trace is another step's");
            }
        }
    }

    /// <summary>Noise is drawn at the start, for each stage, and at most once for each call of the solver.</summary>
    private static void RequireDraws(SavedSession saved, Sampler sampler, Action<bool, FormattableString> check)
    {
        var sizes = sampler.Stages.Select(s => s.SizeFor(saved.Size, sampler.Denoiser.Info)).ToArray();
        var most = 1L + sizes.Length + sampler.Info.Stages.Sum(g => Enumerable.Range(0, g.Steps).Sum(k => (long)sampler.Solver.Calls(g, k)));
        check(
            Array.TrueForAll(saved.Draws, d => d is { Size: not null, Times: >= 1 } && Array.Exists(sizes, s => s.SequenceEqual(d.Size))) && saved.Draws.Sum(d => (long)d.Times) <= most,
            $"it has drawn noise of a size or number that it cannot have");
    }
}
