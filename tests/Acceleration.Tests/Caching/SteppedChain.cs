using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching;

/// <summary>Two blocks, of which the first adds a given number in each step and the second one: on latents of zeros, so that what a decision on the first block measures is arithmetic on these numbers.</summary>
internal sealed class SteppedChain : IDenoiser
{
    private readonly double[] _added;
    private readonly Site _chain;

    public SteppedChain(params double[] added)
    {
        _added = added;
        var sites = new SiteMap(new CostModel(10));
        _chain = sites.AddChain("blocks", 2, new(3));
        Info = Toy.Info("stepped", PredictionType.Flow, sites);
    }

    public DenoiserInfo Info { get; }

    /// <summary>The decisions of a run with one step for each number.</summary>
    public Decision[] Decide(IStrategy strategy)
    {
        using var still = zeros(1, 1, 4, 4);
        return [.. new Replay([.. _added.Select(_ => still)]).Run(this, strategy).Steps.Select(s => s.Decisions.Single())];
    }

    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        var tokens = latents.flatten(2).transpose(1, 2);
        return evaluation.Chain(_chain, tokens, _added[evaluation.Step.Index], static (h, i, added, _) => h.Main + (i == 0 ? added : 1)).Main.transpose(1, 2).reshape(latents.shape);
    }

    public void Dispose()
    {
    }
}
