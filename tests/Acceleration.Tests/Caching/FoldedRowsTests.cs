using Acceleration.Tests.Docs;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching;

/// <summary>Video networks hold the frames of a row along dimension 0: what is measured there is of the row, not of its first frame or of another row's.</summary>
public sealed class FoldedRowsTests
{
    private const int Steps = 12;

    private static readonly Dictionary<string, IStrategy> All = new()
    {
        ["drift"] = new Cached(Where.Chain, new InputOutputDrift(0.2, 2), How.LastResidual),
        ["scaled"] = new Cached(Where.Chain, new ScaledDrift(2), How.LastResidual),
        ["input"] = new Cached(Where.Blocks, new InputChange(0.3, 2), How.LastValue),
        ["first block"] = new FirstBlockCache(0.25) { Warmup = 2, MaxSkip = 3 },
        ["probe line"] = new DiCache(0.4),
        ["direction"] = new Cached(Where.Chain, new DirectionChange(0.01), How.LastResidual),
        ["turn"] = new TurnCache(0.5) { Where = Where.Chain },
        ["modes"] = new Cached(Where.Chain, new Interval(3, 4), new DynamicModes(Quantity.Residual, 4)),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>The same network with and without frames along dimension 0.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void FramesAlongDimension0DecideAsOneRow(string name)
    {
        var (flat, folded) = (Of(1, name, 3), Of(4, name, 3));

        Assert.Equal(flat.Decisions.Select(d => (d.Step, d.Sample, d.Skip)), folded.Decisions.Select(d => (d.Step, d.Sample, d.Skip)));
        Assert.Contains(folded.Decisions, d => d.Skip);
        Assert.All(flat.Decisions.Zip(folded.Decisions), d => Assert.Equal(d.First.Value, d.Second.Value, 1e-4));
        Close.All(flat.Values, folded.Values, 1e-4);
    }

    private static (float[] Values, (int Step, int Sample, bool Skip, double Value)[] Decisions) Of(int frames, string name, int samples)
    {
        using var network = new Folding(frames);
        var (values, trace) = Toy.Run(Sampler.For(network).FlowEuler(Steps).Guidance(2).Use(All[name]).Build(), samples);
        return (values, [.. trace.Steps.SelectMany(s => s.Decisions.Select(d => (s.Step.Index, d.Sample, d.Skip, double.IsFinite(d.Value) ? d.Value : -1)))]);
    }

    /// <summary>Blocks that treat every element alike, so that frames are a matter of shape.</summary>
    private sealed class Folding : IDenoiser
    {
        private readonly int _frames;
        private readonly Site _chain;

        public Folding(int frames)
        {
            _frames = frames;
            var sites = new SiteMap(new CostModel(12));
            _chain = sites.AddChain("blocks", 3, new(4));
            Info = Toy.Info("folding", PredictionType.Flow, sites);
        }

        public DenoiserInfo Info { get; }

        public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
        {
            var h = latents.reshape(latents.size(0) * _frames, -1, 1);
            var row = ((timestep / 1000.0) + (condition["labels"].to(ScalarType.Float32) / 5.0)).view(-1, 1, 1).repeat_interleave(_frames, 0);
            return evaluation.Chain(_chain, h, (Row: row, Frames: _frames), static (h, i, s, e) => h.Main + ((h.Main * (i + 1) * 0.5) + e.ForRows(s.Row, s.Frames)).tanh()).Main.reshape(latents.shape);
        }

        public void Dispose()
        {
        }
    }
}
