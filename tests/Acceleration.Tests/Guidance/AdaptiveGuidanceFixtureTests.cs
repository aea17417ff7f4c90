using System.Globalization;
using System.Text.Json;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Guidance;

/// <summary>Whole guided DDIM runs of four samples against an independent derivation: flags, cosines, evaluations and latents.</summary>
public sealed class AdaptiveGuidanceFixtureTests : IDisposable
{
    private readonly SafetensorsFile _file = SafetensorsFile.Open(Path.Combine(AppContext.BaseDirectory, "Fixtures", "guidance", "adaptive_guidance.safetensors"));
    private readonly IDisposable _scope = NewDisposeScope();

    public static MatrixTheoryData<int, bool> Cases => new(Enumerable.Range(1, 11), [false, true]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void EachCaseEqualsTheReference(int number, bool separate)
    {
        var settings = JsonSerializer.Deserialize<JsonElement[]>(_file.Metadata["cases"])![number - 1];
        var guidance = new AdaptiveGuidance(settings.GetProperty("gamma_bar").GetDouble())
        {
            Space = Enum.Parse<MetricSpace>(settings.GetProperty("metric_space").GetString()!),
            Tail = Enum.Parse<GuidanceTail>(settings.GetProperty("tail").GetString()!),
            Consensus = Enum.Parse<Consensus>(settings.GetProperty("consensus").GetString()!),
        };
        var suffix = number == 1 ? "" : $"{number}";
        var (active, evaluations) = (Whole($"output{suffix}.active"), Whole($"output{suffix}.evaluations"));
        var gamma = _file.Read($"output64{suffix}.gamma").data<double>().ToArray().Chunk(4).ToArray();
        var latents = _file.Read($"output64{suffix}.x");
        using var network = new Table(_file);
        var builder = Sampler.For(network).Solve(new Ddim(), Grid()).Guidance(settings.GetProperty("scale").GetDouble()).Use(guidance);
        using var condition = Conditioning.None(4);
        using var session = (separate ? builder.SeparateBranches() : builder).Build().Start(new() { Condition = condition, Latents = latents[0] });
        Assert.Equal(latents[0].Floats(), _file.Read("input.sample_unit").Floats());

        for (var k = 0; k < 10; k++)
        {
            session.Advance(TestContext.Current.CancellationToken);

            Assert.Equal(evaluations[k], Enumerable.Range(0, 4).Select(b => (long)network.Evaluated.Count(e => e == (k, b))));
            var decisions = session.Trace.Steps[k].Decisions;
            Assert.Equal(Enumerable.Range(0, 4).Where(b => active[k][b] == 1), decisions.Select(d => d.Sample));
            Assert.All(decisions, d => Assert.Equal(gamma[k][d.Sample], d.Value, 1e-5));
            Assert.All(decisions, d => Assert.Equal(k < 9 && active[k + 1][d.Sample] == 0, d.Skip && k < 9));
            Near(latents[k + 1].Floats(), session.Latents.Floats());
        }

        var perSample = settings.GetProperty("nfe_per_sample").EnumerateArray().Select(n => n.GetInt32());
        Assert.Equal(perSample.Average(), session.Trace.Evaluations);
    }

    public void Dispose()
    {
        _scope.Dispose();
        _file.Dispose();
    }

    private long[][] Whole(string name) => [.. _file.Read(name).data<long>().ToArray().Chunk(4)];

    private Schedule Grid()
    {
        var alphaBar = _file.Read("input.alpha_bar").data<double>().ToArray();
        var times = _file.Read("output.timesteps").data<long>().ToArray();
        return Schedule.Through("recorded", [.. alphaBar.Select((a, k) => new GridPoint(k < 10 ? times[k] : 0, (float)Math.Sqrt(a), (float)Math.Sqrt(1 - a)))]);
    }

    private void Near(float[] expected, float[] actual)
    {
        var bound = double.Parse(_file.Metadata["recommended_rtol_per_step"], CultureInfo.InvariantCulture) * expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), p => Assert.InRange(Math.Abs(p.First - p.Second), 0, bound));
    }

    /// <summary>a·m + b·sin(m) with coefficients of each step, sample and branch.</summary>
    private sealed class Table(SafetensorsFile file) : IDenoiser
    {
        private readonly Tensor[] _slope = [file.Read("table.cond.a"), file.Read("table.uncond.a")];
        private readonly Tensor[] _wave = [file.Read("table.cond.b"), file.Read("table.uncond.b")];

        public DenoiserInfo Info { get; } = Toy.Info("table", PredictionType.Epsilon, sites: null, 2, 2, 4) with { Classes = 0, Unconditional = c => Conditioning.None(c.Rows) };

        public List<(int Step, int Sample)> Evaluated { get; } = [];

        public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
        {
            var step = evaluation.Step.Index;
            Evaluated.AddRange(evaluation.Rows.Select(r => (step, r.Sample)));
            Tensor Of(Tensor[] table) => Toy.PerRow(stack([.. evaluation.Rows.Select(r => table[r.Branch][step, r.Sample])], 0), latents);
            return (Of(_slope) * latents) + (Of(_wave) * latents.sin());
        }

        public void Dispose()
        {
        }
    }
}
