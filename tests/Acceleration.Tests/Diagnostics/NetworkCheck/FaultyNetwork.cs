using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Diagnostics;

/// <summary>A feed-forward on single pixels and a level below that is concatenated, with at most one fault.</summary>
internal sealed class FaultyNetwork : IDenoiser
{
    private readonly Fault _fault;
    private readonly Site _feedForward;
    private readonly Site _cut;
    private readonly List<Tensor> _left = [];
    private int _calls;

    public FaultyNetwork(Fault fault)
    {
        _fault = fault;
        var sites = new SiteMap(new CostModel(0, 20));
        _feedForward = sites.Add(SiteKind.FeedForward, "ff", SiteTraits.ShapePreserving | SiteTraits.TokenWise, new(0, fault == Fault.Cost ? 30 : 10));
        _cut = sites.AddCut("cut.0", new(0, 4));
        if (fault == Fault.NotRaised)
        {
            sites.Add(SiteKind.Block, "forgotten", SiteTraits.ShapePreserving, default);
        }

        Info = Toy.Info("faulty", PredictionType.Flow, sites, 1, 4, 6) with { Classes = 0 };
    }

    public DenoiserInfo Info { get; }

    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        evaluation.Layout = Info.Layout(latents.shape[1..]);
        if (_fault == Fault.ChangesLatents)
        {
            latents.mul_(0.9);
        }

        var time = timestep.view(-1, 1, 1) / 1000;
        var tokens = latents.flatten(2).transpose(1, 2) * 0.9;
        var position = linspace(-1, 1, tokens.size(1), ScalarType.Float32, latents.device).unsqueeze(1);
        var state = new State(this, time, position);
        var h = evaluation.At(_feedForward, tokens, state, static (h, s, e) => s.Network.FeedForward(h.Main, s, e)).Main;
        if (_fault == Fault.ChangesOutput)
        {
            h.mul_(0.5);
        }

        if (_fault == Fault.RaisedTwice)
        {
            h = evaluation.At(_feedForward, h, state, static (h, s, e) => s.Network.FeedForward(h.Main, s, e)).Main;
        }

        var skip = (tokens + h + state.Said).transpose(1, 2).reshape(latents.shape);
        var below = evaluation.At(_cut, skip, state, static (h, s, e) => s.Network.Below(h.Main), drop: _fault == Fault.NoDrop ? null : static (h, s, _) => s.Network.Skipped(h.Main)).Main;
        return _fault == Fault.OutputShape ? below : skip + below.sum(1, keepdim: true);
    }

    public void Dispose() => _left.ForEach(t => t.Dispose());

    private Tensor FeedForward(Tensor h, State s, Evaluation e)
    {
        _calls++;
        var time = _fault == Fault.NoForRows ? s.Time : e.ForRows(s.Time);
        var position = _fault == Fault.NoForTokens ? s.Position : e.ForTokens(s.Position, 0);
        switch (_fault)
        {
            case Fault.ChangesInput:
                h.mul_(1.5);
                break;
            case Fault.NotTokenWise:
                h = h + h.mean([1L], keepdim: true);
                break;
            case Fault.Leak:
                _left.Add(zeros(1).DetachFromDisposeScope());
                break;
            case Fault.Random:
                h = h + (0.01 * _calls);
                break;
            case Fault.Throws when e.Rows.Count < 5:
                throw new NotSupportedException("five rows or nothing");
            case Fault.SideChannel:
                s.Said = e.Rows.Count;
                break;
        }

        return ((h + position) * (time + 1)).tanh();
    }

    private Tensor Below(Tensor h) => cat([h.tanh(), h.sin()], 1);

    private Tensor Skipped(Tensor h) => _fault == Fault.DropShape ? zeros_like(h) : zeros([h.size(0), 2, .. h.shape[2..]], device: h.device);

    private sealed class State(FaultyNetwork network, Tensor time, Tensor position)
    {
        public FaultyNetwork Network => network;

        public Tensor Time => time;

        public Tensor Position => position;

        public double Said { get; set; }
    }
}
