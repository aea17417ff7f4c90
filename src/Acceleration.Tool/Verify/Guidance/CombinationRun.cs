using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>One case of <see cref="CombinationCheck"/>, run through a sampler whose network is the record.</summary>
/// <param name="file">The recorded predictions.</param>
/// <param name="found">Where comparisons go.</param>
/// <param name="guidance">The configured guider.</param>
/// <param name="suffix">What follows <c>output</c> in the names of the case's tensors.</param>
/// <param name="steps">Steps of the run; the first of them are recorded.</param>
internal sealed class CombinationRun(GoldenFile file, Findings found, StoredGuidance guidance, string suffix, int steps)
{
    /// <summary>Allowed error in float64.</summary>
    public const double Exact = 1e-11;

    private const double Floor = 1e-3;
    private readonly List<HashSet<int>> _evaluated = [];

    private string Number => $"case {(suffix.Length == 0 ? "1" : suffix)}";

    /// <summary>Runs in one type and compares predictions; in float32 evaluations, flags and memories as well.</summary>
    public void Compare(ScalarType type, string output, double tolerance, string what)
    {
        var cond = file.Read("input.cond", type);
        var others = guidance.Recorded.ToDictionary(r => r.Key, r => file.Read(r.Value, type));
        var (stored, samples) = ((int)cond.size(0), (int)cond.size(1));
        var expected = file.Read(output);
        var whole = type == ScalarType.Float32;
        _evaluated.Clear();
        _evaluated.AddRange(Enumerable.Range(0, steps).Select(_ => new HashSet<int>()));
        var memory = guidance.Memory is { } m ? new WatchedStrategy(guidance.Strategies[0]) : null;
        var solver = new RecordedSolver(zeros([steps, .. cond.shape[1..]], type), (k, now) =>
        {
            if (k < stored)
            {
                Predictions(k, now.Output, expected[k], tolerance, what);
                if (whole && memory is not null)
                {
                    Memory(k, memory.Store!, samples);
                }
            }
        });
        using var network = Denoiser.From(RecordedNetwork.Info(PredictionType.Flow, cond.shape[2..], type) with { Sites = PerturbedGuiders.Sites() }, (_, _, _, e) =>
        {
            var k = e.Step.Index;
            _evaluated[k].UnionWith(e.Rows.Select(r => r.Branch));
            return stack([.. e.Rows.Select(r => (r.Branch == Branch.Conditional ? cond : others[r.Branch])[Math.Min(k, stored - 1)][r.Sample])], 0);
        });
        using var condition = Conditioning.None(samples);
        var strategies = memory is null ? guidance.Strategies : [memory, .. guidance.Strategies.Skip(1)];
        var sampler = strategies.Aggregate(Sampler.For(network).Solve(solver, solver.Grid), (b, s) => b.Use(s)).Build();
        using var result = sampler.Generate(new() { Condition = condition, Latents = zeros_like(cond[0]) });
        if (whole)
        {
            Flags(stored);
        }
    }

    private void Predictions(int k, Tensor output, Tensor expected, double tolerance, string what)
    {
        for (var b = 0; b < output.size(0); b++)
        {
            var reference = guidance.IsPadded ? expected[b][TensorIndex.Ellipsis, ..(int)output.size(-2), ..(int)output.size(-1)] : expected[b];
            found.WithinOfMax(what, $"{Number}, step {k}, sample {b}", output[b], reference, tolerance, Floor);
        }
    }

    private void Memory(int k, RunStore store, int samples)
    {
        var (name, key) = (guidance.Memory!.Value.Probe, guidance.Memory.Value.Key);
        if (file.ReadOrNull($"probe{suffix}.{name}") is not { } probe)
        {
            return;
        }

        var rows = RowSet.Of(samples, Branch.Unconditional);
        using var held = store.Depth(key, rows[0]) > 0 ? store.Get(key, rows).Value : zeros_like(probe[k]);
        found.WithinOfMax(name, $"{Number}, step {k}", held, probe[k], 1e-5, Floor);
    }

    private void Flags(int stored)
    {
        var evaluated = _evaluated.Take(stored).ToArray();
        found.Equal("num_conditions", Number, evaluated.Select(e => (long)e.Count), file.Whole($"output{suffix}.num_conditions"));
        var prefix = $"output{suffix}.active.";
        foreach (var name in file.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var means = guidance.Active.GetValueOrDefault(name[prefix.Length..]) ?? throw new NotKnownException($"what '{name}' says is not known here.");
            found.Equal("active steps", $"{Number}, {name}", evaluated.Select((e, k) => means(k, e) ? 1L : 0), file.Whole(name));
        }
    }
}
