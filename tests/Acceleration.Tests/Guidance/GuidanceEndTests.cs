using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Guidance;

/// <summary>When guidance ends for the samples of a batch, and that it stays so.</summary>
public sealed class GuidanceEndTests
{
    private const int Steps = 10;

    [Fact]
    public void ABatchEqualsItsSamplesAlone()
    {
        using var network = Differing();
        var sampler = Sampler.For(network).FlowEuler(Steps).Guidance(2).Use(new AdaptiveGuidance(0.9) { Space = MetricSpace.ModelOutput }).Build();
        using var scope = NewDisposeScope();
        using var generator = new Generator(70);
        var latents = randn([3, 1, 4, 4], generator: generator) * tensor(new[] { 0.5f, 2, 8 }).view(3, 1, 1, 1);
        using var labels = Conditioning.Labels(1, 2, 3);
        using var batch = sampler.Generate(new() { Condition = labels, Latents = latents }, cancellation: TestContext.Current.CancellationToken);
        var ends = new HashSet<int>();

        for (var s = 0; s < 3; s++)
        {
            using var label = Conditioning.Labels(s + 1);
            using var alone = sampler.Generate(new() { Condition = label, Latents = latents.narrow(0, s, 1) }, cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(alone.Latents.Floats(), batch.Latents.Floats()[(16 * s)..(16 * (s + 1))]);
            Assert.Equal(Flags(alone.Trace, 0), Flags(batch.Trace, s));
            ends.Add(Flags(alone.Trace, 0).Count);
        }

        Assert.Equal(3, ends.Count);
    }

    [Fact]
    public void EndedGuidanceNeverComesBack()
    {
        // The cosine of label 9 rises over 0.9 and falls below it again.
        using var network = Denoiser.From(Toy.Info("wave"), (x, _, c, e) => TurnedBranches.Of(x, c, e.Step.Index is 3 or 4 ? 0.1 : 1.2));
        var sampler = Sampler.For(network).FlowEuler(Steps).Guidance(2).Use(new AdaptiveGuidance(0.9) { Space = MetricSpace.ModelOutput }).Build();

        var (_, trace) = Toy.Run(sampler, 2);

        Assert.Equal([2, 2, 2, 2, 1, 1, 1, 1, 1, 1], trace.Steps.Select(s => s.ComputedRows / 2));
        Assert.Equal([false, false, false, true], Flags(trace, 1));
    }

    [Theory]
    [InlineData(Consensus.PerSample, new[] { 6, 5, 4, 3, 3 })]
    [InlineData(Consensus.BatchMin, new[] { 6, 6, 6, 3, 3 })]
    public void SamplesEndAloneOrTogether(Consensus consensus, int[] rows)
    {
        // Sample s qualifies from step s on, sample 0 not in step 1.
        using var network = Denoiser.From(Toy.Info("staggered"), (x, _, c, e) =>
            cat([.. e.Rows.Select((r, i) => TurnedBranches.Of(x[i].unsqueeze(0), r.Branch == Branch.Unconditional, e.Step.Index >= r.Sample && (e.Step.Index, r.Sample) != (1, 0) ? 0 : 1.2))], 0));
        var guidance = new AdaptiveGuidance(0.9) { Space = MetricSpace.ModelOutput, Consensus = consensus };
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(5).Guidance(2).Use(guidance).Build(), 3);
        Assert.Equal(rows, trace.Steps.Select(s => s.ComputedRows));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(9)]
    public void EvaluationsFollowFromTheStepThatEndsGuidance(int end)
    {
        using var network = Denoiser.From(Toy.Info("late"), (x, _, c, e) => TurnedBranches.Of(x, c, e.Step.Index < end ? 1.2 : 0));
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(Steps).Guidance(2).Use(new AdaptiveGuidance(0.9) { Space = MetricSpace.ModelOutput }).Build());
        Assert.Equal((2 * (end + 1)) + Steps - 1 - end, trace.Evaluations);
    }

    /// <summary>The decisions of a sample, step by step, while there are any.</summary>
    private static List<bool> Flags(Trace trace, int sample) => [.. trace.Steps.SelectMany(s => s.Decisions).Where(d => d.Sample == sample).Select(d => d.Skip)];

    /// <summary>Two branches whose angle shrinks with the step, faster for larger latents.</summary>
    private static IDenoiser Differing() => Denoiser.From(Toy.Info("differing"), (x, _, _, e) => cat([.. e.Rows.Select((r, i) =>
        TurnedBranches.Of(x[i].unsqueeze(0), r.Branch == Branch.Unconditional, 1.5 / (1 + (e.Step.Index * x[i].abs().mean().item<float>()))))], 0));
}
