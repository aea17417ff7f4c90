namespace Acceleration.Policy;

/// <summary>What the sample compares.</summary>
internal static class Settings
{
    private const int BaselineSteps = 100;
    private static readonly int[] FewerSteps = [50, 20, 10, 5, 3, 2];

    /// <summary>Published budgets: updates of each part of a block in the baseline's steps.</summary>
    private static readonly int[] Budgets = [20, 10, 8, 5];

    /// <summary>Published policies bound the actions they predict in every step.</summary>
    private static readonly SampleClip Bounds = new();

    /// <param name="policy">The policy.</param>
    /// <param name="plans">Folder with the plans that <c>acceleration calibrate</c> made for it.</param>
    public static IReadOnlyList<Setting> For(IDenoiser policy, string plans)
    {
        SamplerBuilder Ddim(int steps) => Sampler.For(policy).Ddim(steps, clip: Bounds);
        Setting Strategy(string name, int steps, params IReadOnlyList<IStrategy> strategies) =>
            new($"{name}, {steps} steps", SettingKind.Strategy, strategies.Aggregate(Ddim(steps), (b, s) => b.Use(s)).Build());

        return
        [
            new($"DDPM, {BaselineSteps} steps", SettingKind.Baseline, Sampler.For(policy).Ddpm(BaselineSteps, clip: Bounds).Build()) { IsDrawn = true },
            .. FewerSteps.Select(n => new Setting($"DDIM, {n} steps", SettingKind.Control, Ddim(n).Build()) { IsDrawn = n is 5 or 2 }),
            new("DPM-Solver++, 5 steps", SettingKind.Solver, Sampler.For(policy).Solve(new DpmSolver(), new LogSnrGrid(5), Bounds).Build()),
            .. Budgets.Select(n => new Setting($"BAC, {n} of {BaselineSteps} DDPM steps", SettingKind.Strategy, Sampler.For(policy).Plan(AccelerationPlan.Load(Path.Combine(plans, $"bac{n}.json"))).Build())),
            new("BAC, 5 of 50 DDIM steps", SettingKind.Strategy, Sampler.For(policy).Plan(AccelerationPlan.Load(Path.Combine(plans, "bac5-ddim50.json"))).Build()),
            Strategy("Action-head cache, 2 full", 10, new ActionHeadCache(5)),
            Strategy("Action-head cache, 10 full", 50, new ActionHeadCache(5)),
            Strategy("EasyCache τ 0.05", 50, new EasyCache(0.05, Warmup: 4) { Reuse = Quantity.Output }),
            Strategy("EasyCache τ 0.05", 10, new EasyCache(0.05, Warmup: 2) { Reuse = Quantity.Output }),
            Strategy("Forecast every 5th, line", 50, new IntervalForecast(5)) with { IsDrawn = true },
            Strategy("Forecast every 2nd, line", 10, new IntervalForecast(2, Warmup: 2)),
            Strategy("Δ-DiT, 2 of 3 blocks", 10, new DeltaDiT(2, 2, 5)),
        ];
    }
}
