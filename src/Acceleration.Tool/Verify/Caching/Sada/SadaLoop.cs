using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>The runs of <see cref="SadaCheck"/>.</summary>
internal sealed class SadaLoop(GoldenFile file, Findings found, StoredScheduler scheduler, Sada strategy, StoredFormula formula)
{
    private const double Criterion = 1e-4;

    private readonly Tensor _x = Latents(file, scheduler, "output.x");
    private readonly Tensor _outputs = Latents(file, scheduler, "output.model_out");
    private readonly long[] _ran = file.Whole("output.model_ran");
    private readonly long[] _skipsNext = file.Whole("output.skip_next");

    private bool IsFlow => scheduler.Type == PredictionType.Flow;

    /// <summary>The run as a user would make it.</summary>
    public void Freely(CancellationToken cancellation)
    {
        var tolerance = file.Number("recommended_atol");
        Tensor? newest = null;
        var ran = new bool[_ran.Length];
        using var network = Denoiser.From(Network, (x, _, _, e) =>
        {
            using var scope = NewDisposeScope();
            ran[e.Step.Index] = true;
            var output = Latents(formula.Of(Latents(x), e.Step.At.Time));
            newest?.Dispose();
            newest = output.clone().DetachFromDisposeScope();
            return output.MoveToOuterDisposeScope();
        });
        using var condition = Conditioning.None(1);
        using var session = Sampler.For(network).Solve(scheduler.Solver, scheduler.Grid, scheduler.Clip).Use(strategy).Build().Start(new() { Condition = condition, Latents = _x[0] });
        for (var step = 0; step < _ran.Length; step++)
        {
            session.Advance(cancellation);
            found.Within("latents", $"step {step}", session.Latents, _x[step + 1], tolerance);

            // The file repeats what was computed last; the strategy here gives what stands for the made sample.
            found.Within("model outputs", $"step {step}", newest!, _outputs[step], tolerance);
        }

        newest?.Dispose();
        found.Equal("steps that ran the network", "", ran.Select(r => r ? 1L : 0), _ran);
        found.Equal("decisions", "", session.Trace.Steps.Select(s => s.Decisions.Single().Skip ? 1L : 0).Skip(1), _skipsNext.SkipLast(1));
    }

    /// <summary>Criterion and tokens in every step, at the recorded latents and outputs.</summary>
    /// <param name="most">Most tokens that are kept.</param>
    /// <param name="cancellation">Stops it.</param>
    public void FromRecorded(int most, CancellationToken cancellation)
    {
        var (steps, solver) = (_ran.Length, new RecordedLevels(scheduler, _x));
        var criterion = new SadaWatch(new() { Published = true });
        var tokens = new WatchedStrategy(new SadaTokens { Published = true });
        using var network = Denoiser.From(WithBlocks(Network), (_, _, _, e) => _outputs[Math.Min(e.Step.Index, steps - 1)].alias());
        using var condition = Conditioning.None(1);
        using var session = Sampler.For(network).Solve(solver, solver.Grid).Use(criterion).Use(tokens).Build().Start(new() { Condition = condition, Latents = _x[0] });
        session.Advance(cancellation);
        var (kept, known) = (file.Read("output.token_score"), file.Whole("output.has_token_score"));
        var scores = new StoreKey("scores", network.Info.Sites.Prediction.Index);
        for (var step = 0; step < steps; step++)
        {
            session.Advance(cancellation);
            using var scope = NewDisposeScope();
            var row = RowSet.Of(1, Branch.Guided);
            var depth = tokens.Store!.Depth(scores, row[0]);
            found.Equal("steps with tokens", $"step {step}", [(long)depth], [known[step]]);
            if (depth > 0 && IsScored(step))
            {
                found.Equal("kept tokens", $"step {step}", Kept(tokens.Store.Get(scores, row).Value.flatten(), most), Whole(kept[step].flatten()));
            }
        }

        if (file.Has("output.criterion_mean"))
        {
            Compare(criterion.Values, file.Numbers("output.criterion_mean"));
        }
    }

    private DenoiserInfo Network => RecordedNetwork.Info(scheduler.Type, _x.shape[2..]) with { Noise = IsFlow ? null : scheduler.Table };

    /// <summary>Whether the file made a new map of tokens: not where it skips the next step, nor of rounding after a skipped step of a flow, nor where sigma is 0 in sigma space.</summary>
    private bool IsScored(int step) => _skipsNext[step] == 0 && (!IsFlow || _ran[step] == 1) && (!scheduler.IsInSigmaSpace || scheduler.Grid.Targets[step].Sigma > 0);

    private void Compare(Dictionary<int, double> measured, double[] expected)
    {
        var (steps, largest) = (_ran.Length, expected.Where(double.IsFinite).Max(Math.Abs));
        for (var step = 0; step < steps; step++)
        {
            // Gradients are counted in runs here, which has one step more; in sigma space latents are larger than those that are compared here. At its end nothing finite is to be compared there.
            var next = scheduler.Grid.Targets[step].Sigma;
            var scale = (double)steps / (steps + 1) * (scheduler.IsInSigmaSpace ? Math.Sqrt(1 + (next * next)) : 1);
            if (!scheduler.IsInSigmaSpace || next > 0)
            {
                found.Add("criterion", $"step {step}", Math.Abs((measured.GetValueOrDefault(step + 1) * scale) - expected[step]) / largest, Criterion);
            }
        }
    }

    /// <summary>As published: those that are not stable, the largest scores first.</summary>
    private static long[] Kept(Tensor scores, int most)
    {
        var values = scores.to(ScalarType.Float64).data<double>().ToArray();
        var kept = values.Index().Where(v => v.Item >= 0).OrderByDescending(v => v.Item).Take(most).Select(v => v.Index).ToHashSet();
        return [.. Enumerable.Range(0, values.Length).Select(i => kept.Contains(i) ? 1L : 0)];
    }

    private static long[] Whole(Tensor t) => t.to(ScalarType.Int64).data<long>().ToArray();

    /// <summary>Blocks that it never runs: tokens are chosen for some.</summary>
    private static DenoiserInfo WithBlocks(DenoiserInfo network)
    {
        var sites = new SiteMap();
        sites.AddChain("blocks", 1, default);
        return network with { Sites = sites };
    }

    /// <summary>A flow's recorded latents are tokens with their channels last.</summary>
    private static Tensor Latents(GoldenFile file, StoredScheduler scheduler, string name) => scheduler.Type == PredictionType.Flow ? file.Read(name).transpose(-1, -2) : file.Read(name);

    private Tensor Latents(Tensor tokens) => IsFlow ? tokens.transpose(-1, -2) : tokens;
}
