using System.Globalization;
using System.Text.Json;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching;

/// <summary>Decisions and results of the authors' scripts on recorded network outputs, step by step.</summary>
public sealed class EasyCacheFixtureTests : IDisposable
{
    private readonly SafetensorsFile _file = SafetensorsFile.Open(Path.Combine(AppContext.BaseDirectory, "Fixtures", "caching", "easycache_sequence.safetensors"));
    private readonly IDisposable _scope = NewDisposeScope();

    private float Tolerance => float.Parse(_file.Metadata["recommended_atol"], CultureInfo.InvariantCulture);

    [Fact]
    public void OneBranchEqualsTheReference()
    {
        var settings = Case("single");
        var easy = new EasyCache(settings.GetProperty("thresh").GetDouble(), settings.GetProperty("ret_steps").GetInt32());

        Compare(easy, "single", [Branch.Conditional], [_file.Read("single.input.full_output")], _file.Read("single.input.x"), separate: false);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TwoBranchesEqualTheReference(bool separate)
    {
        // Its numbers count calls, two of which make a step.
        var settings = Case("pair");
        var easy = new EasyCache(settings.GetProperty("thresh").GetDouble(), settings.GetProperty("ret_steps_calls").GetInt32() / 2)
        {
            Tail = (settings.GetProperty("calls").GetInt32() - settings.GetProperty("cutoff_calls").GetInt32()) / 2,
        };
        Tensor[] outputs = [_file.Read("pair.input.full_output_cond").unsqueeze(1), _file.Read("pair.input.full_output_uncond").unsqueeze(1)];

        Compare(easy, "pair", [Branch.Conditional, Branch.Unconditional], outputs, _file.Read("pair.input.x").unsqueeze(1), separate);
    }

    public void Dispose()
    {
        _scope.Dispose();
        _file.Dispose();
    }

    private JsonElement Case(string name) => JsonSerializer.Deserialize<JsonElement>(_file.Metadata["cases"]).GetProperty(name);

    private void Compare(EasyCache strategy, string name, int[] branches, Tensor[] outputs, Tensor x, bool separate)
    {
        var (easy, listener, replay) = (new Watched(strategy), new BranchListener(branches), new Replay([.. Enumerable.Range(0, (int)x.size(0)).Select(i => x[i])]));
        using var network = Denoiser.From(Toy.Info("recorded", size: x.shape[2..]), (_, _, _, e) => cat([.. e.Rows.Select(r => outputs[r.Branch][e.Step.Index])], 0));
        var builder = Sampler.For(network).Solve(replay, replay.Grid).Use(easy).Use(listener);
        using var condition = Conditioning.Labels(0);
        using var session = (separate ? builder.SeparateBranches() : builder).Build().Start(new() { Condition = condition, Latents = x[0] });
        var (site, row) = (network.Info.Sites.Network.Index, RowSet.Of(1, Branch.Conditional));
        var computed = _file.Read($"{name}.output.computed").view(-1, branches.Length).data<long>().ToArray().Chunk(branches.Length).ToArray();
        var (errors, rates) = (_file.Read($"{name}.output.accumulated_error").Floats(), _file.Read($"{name}.output.k").Floats());

        for (var step = 0; step < computed.Length; step++)
        {
            session.Advance(TestContext.Current.CancellationToken);

            using var inner = NewDisposeScope();
            Assert.Equal(computed[step].All(c => c == 1), !session.Trace.Steps[step].Decisions.Single().Skip);
            Assert.Equal(computed[step].Sum(), session.Trace.Steps[step].ComputedRows);
            Assert.Equal(errors[step], easy.Store!.Scalar(new("E", site), row[0]) ?? 0, Tolerance);
            Assert.Equal(rates[step], easy.Store.Depth(new("k", site), row[0]) == 0 ? -1 : easy.Store.Get(new("k", site), row).Value.item<float>(), Tolerance);
            foreach (var branch in branches)
            {
                var result = _file.Read(branches.Length == 1 ? "single.output.result" : $"pair.output.result_{(branch == Branch.Conditional ? "cond" : "uncond")}")[step].Floats();
                Assert.All(result.Zip(listener.Seen[step][branch]), p => Assert.Equal(p.First, p.Second, Tolerance));
            }
        }
    }

    /// <summary>Asks for the branches and notes what they gave.</summary>
    private sealed class BranchListener(int[] branches) : Run, IStrategy, ICombiner
    {
        public List<Dictionary<int, float[]>> Seen { get; } = [];

        public string Tag => "listener";

        public Requirements Needs => new() { CombinesBranches = true };

        public IRun Begin(RunInfo info, RunStore store) => this;

        public IReadOnlyList<int> Branches(StepInfo step) => branches;

        public Value Combine(StepInfo step, BranchOutputs outputs)
        {
            Seen.Add(branches.ToDictionary(b => b, b => outputs[b].Floats()));
            return outputs[Branch.Conditional].alias();
        }
    }
}
