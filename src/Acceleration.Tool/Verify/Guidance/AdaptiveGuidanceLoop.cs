using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>The runs of <see cref="AdaptiveGuidanceCheck"/>: all cases share network, grid and first latents.</summary>
internal sealed class AdaptiveGuidanceLoop
{
    private const double Cosine = 1e-5;

    /// <summary>The recorded cosine where the unconditional branch was not evaluated.</summary>
    private const double NotEvaluated = -2;

    private readonly GoldenFile _file;
    private readonly Findings _found;
    private readonly Tensor _start;
    private readonly Schedule _grid;
    private readonly double _tolerance;

    public AdaptiveGuidanceLoop(GoldenFile file, Findings found)
    {
        (_file, _found, _tolerance, _start) = (file, found, file.Number("recommended_rtol_per_step"), file.Read("input.sample_unit"));
        _grid = AlphaBarGrid.Of(file, found);
    }

    /// <param name="number">Number of the case, from 1.</param>
    /// <param name="guidance">Its settings.</param>
    /// <param name="scale">Its guidance scale.</param>
    /// <param name="perSample">Evaluations of each sample over the whole run, where stated.</param>
    /// <param name="separate">Whether branches have network calls of their own.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public void Compare(int number, AdaptiveGuidance guidance, double scale, int[]? perSample, bool separate, CancellationToken cancellation)
    {
        var (suffix, samples) = (number == 1 ? "" : $"{number}", (int)_start.size(0));
        var (active, evaluations) = (Whole($"output{suffix}.active", samples), Whole($"output{suffix}.evaluations", samples));
        var gamma = _file.Numbers($"output64{suffix}.gamma").Chunk(samples).ToArray();
        var latents = _file.Read($"output64{suffix}.x");
        using var network = new TableNetwork(_file, PredictionType.Epsilon, _start.shape[1..]);
        var builder = Sampler.For(network).Solve(new Ddim(), _grid).Guidance(scale).Use(guidance);
        using var condition = Conditioning.None(samples);
        using var session = (separate ? builder.SeparateBranches() : builder).Build().Start(new() { Condition = condition, Latents = _start });
        _found.WithinOfMax("trajectory", $"case {number}, start", session.Latents, latents[0], _tolerance);
        for (var k = 0; k < _grid.Steps; k++)
        {
            session.Advance(cancellation);
            using var inner = NewDisposeScope();
            var where = $"case {number}, step {k}";
            var decisions = session.Trace.Steps[k].Decisions;
            _found.Equal("evaluations", where, network.In(k, samples), evaluations[k]);
            _found.Equal("active", where, decisions.Select(d => d.Sample), Enumerable.Range(0, samples).Where(b => active[k][b] == 1));
            foreach (var b in Enumerable.Range(0, samples))
            {
                var cosine = decisions.Where(d => d.Sample == b).Select(d => d.Value).DefaultIfEmpty(NotEvaluated).First();
                _found.Add("gamma", $"{where}, sample {b}", Math.Abs(cosine - gamma[k][b]), Cosine);
            }

            foreach (var d in decisions)
            {
                // A decision of the last step changes nothing.
                var last = k == _grid.Steps - 1;
                _found.Equal("decisions", where, [d.Skip && !last], [!last && active[k + 1][d.Sample] == 0]);
            }

            _found.WithinOfMax("trajectory", where, session.Latents, latents[k + 1], _tolerance);
        }

        if (perSample is not null)
        {
            _found.Equal("evaluations of the whole run", $"case {number}", network.Evaluated.GroupBy(e => e.Sample).OrderBy(g => g.Key).Select(g => g.Count()), perSample);
            _found.Relative("evaluations in the trace", [session.Trace.Evaluations], [perSample.Average()], 1e-12);
        }
    }

    private long[][] Whole(string name, int samples) => [.. _file.Whole(name).Chunk(samples)];
}
