using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching.Contract;

/// <content>What a plain transformer has no place for: cuts of a UNet, and cross-attention.</content>
internal sealed partial record KnownStrategy
{
    private static Dictionary<string, KnownStrategy> OnOtherNetworks => new()
    {
        // What lies below a cut, of both branches: the outer one has the resolution of the latents, 8 × 8, the inner one 4 × 4.
        ["DeepCache"] = OnUNet([new DeepCache(3)], [new DeepCache(1)], s => 2 * s * 4 * Latent),
        ["DeepCache, inner cut, last step computed"] = OnUNet([new DeepCache(2, 1) { ForceLast = true }], [new DeepCache(1, 1) { ForceLast = true }], s => 2 * s * Latent),
        ["StepRehash"] = OnUNet([new StepRehash(1)], [new StepRehash(1) { Steps = Every }], s => 2 * s * Latent),
        ["StepRehash, listed"] = OnUNet([new StepRehash(0) { Steps = [0, 2, 3, 7] }], [new StepRehash(0) { Steps = Every }], s => 2 * s * 4 * Latent),
        // Two outputs each: the inner one is not reached where the outer one is made.
        ["cuts, line"] = OnUNet(
            [new Cached(Where.Cuts, new Interval(2, 3), How.Linear(Abscissa.Step))], [new Cached(Where.Cuts, new Interval(1), How.Linear(Abscissa.Step))], s => 2 * 2 * s * (4 + 1) * Latent),
        // The last output of the branch that left stays, in the batch of both.
        ["DeepCache + AdaptiveGuidance"] = OnUNet([new DeepCache(2, 1), Ending()], [new DeepCache(1, 1), new AdaptiveGuidance(1.5)], s => 3 * s * Latent) with { InUse = s => 2 * s * Latent },
        ["EasyCache + DeepCache"] = OnUNet([new EasyCache(2.5, 2), new DeepCache(2)], [new EasyCache(0), new DeepCache(1)], s => s * ((7 * 4 * Latent) + Numbers)),
        // Means of both branches: of the cross-attention of two blocks, four numbers wide; and of their self-attention, where it is left out behind the gate.
        ["TGate"] = OnCross([new TGate(4) { SelfEvery = 2, Warmup = 1 }], [new TGate(Steps) { SelfEvery = 1 }], s => 2 * s * 4 * Latent),
        ["TGate with intervals"] = OnCross([new TGate(5) { SelfEvery = 3, SelfEveryAfter = 2, Warmup = 0 }], [new TGate(Steps + 1) { SelfEvery = 1 }], s => 2 * 2 * s * 4 * Latent),
    };

    private static KnownStrategy OnUNet(IStrategy[] active, IStrategy[] neutral, Func<long, long> held) => new(active, neutral, held) { OtherNetwork = type => new UNetToy(type) };

    private static KnownStrategy OnCross(IStrategy[] active, IStrategy[] neutral, Func<long, long> held) => new(active, neutral, held) { OtherNetwork = type => new CrossToy(type) };
}
