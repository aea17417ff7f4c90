using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Acceleration.Tests.Toys;
using Microsoft.Extensions.DependencyInjection;

namespace Acceleration.Tests.Docs;

/// <summary>The worked examples of docs/ are the code compiled here, and it does what the pages say.</summary>
public sealed partial class DocsTests
{
    [Theory]
    [InlineData("your-own-strategy.md", "AttentionBroadcast.cs")]
    [InlineData("your-own-strategy.md", "DirectionCache.cs")]
    [InlineData("your-own-strategy.md", "FrozenFeedForward.cs")]
    [InlineData("your-own-strategy.md", "WarmUpGuidance.cs")]
    [InlineData("your-own-model.md", "TinyMixer.cs")]
    [InlineData("your-own-unet.md", "TinyUNet.cs")]
    [InlineData("serving.md", "FashionServer.cs")]
    public void PageShowsTheCompiledCode(string page, string source)
    {
        var shown = CodeBlocks().Matches(File.ReadAllText(Copied(page))).Select(m => m.Groups[1].Value.Trim());
        var compiled = File.ReadAllText(Copied(source));

        Assert.Contains(shown, block => compiled.ReplaceLineEndings("\n").Trim().EndsWith(block.ReplaceLineEndings("\n"), StringComparison.Ordinal) && block.Length > 500);
    }

    /// <summary>A strategy that arrives later needs its section, or at least its line.</summary>
    [Fact]
    public void EveryStrategyAndStagingHasItsPlaceInTheListOfStrategies()
    {
        var page = File.ReadAllText(Copied("strategies.md"));
        var types = PlanVocabulary.Default.Types.Where(t => t.IsAssignableTo(typeof(IStrategy)) || t.IsAssignableTo(typeof(IStaging))).ToArray();

        Assert.True(types.Length >= 10);
        Assert.All(types, t => Assert.Contains($"`{t.Name}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void TheStrategySkipsWhatItSays()
    {
        using var network = new TinyMixer();
        using var condition = Conditioning.None(2);
        var plain = Sampler.For(network).FlowEuler(steps: 10).Build();
        var frozen = Sampler.For(network).FlowEuler(steps: 10).Use(new FrozenFeedForward(3, 7)).Build();

        using var baseline = plain.Generate(new() { Condition = condition }, cancellation: TestContext.Current.CancellationToken);
        using var result = frozen.Generate(new() { Condition = condition }, cancellation: TestContext.Current.CancellationToken);

        // Feed-forwards of 4 of 10 steps are skipped; entering and leaving cost 64 of 4,160 multiply-adds per token.
        Assert.Equal(10 * 4160.0 / ((10 * 64) + (6 * 4096)), result.Trace.ArithmeticSpeedup(baseline.Trace), 6);
    }

    [Fact]
    public void TheMethodSkipsWhatItSays()
    {
        using var network = new ChainToy();
        var sampler = Sampler.For(network).FlowEuler(10).Use(new AttentionBroadcast(3, Start: 0.2, End: 0.8)).Build();
        var request = Toy.Request();
        using var condition = request.Condition;

        using var result = sampler.Generate(request, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(10, network.CountOf("blocks.0.attention"));
        Assert.Equal([0, 1, 3, 6, 8, 9], result.Trace.Steps.Where(s => s.Decisions.Any(d => d.Site == "blocks.1.attention" && !d.Skip)).Select(s => s.Step.Index));
        Assert.Equal(6, network.CountOf("blocks.2.attention"));
    }

    [Fact]
    public void TheNetworkServesWholeNetworkStrategiesToo()
    {
        using var network = new TinyMixer();
        using var condition = Conditioning.None(2);

        using var result = Sampler.For(network).FlowEuler(steps: 20).Use(new IntervalForecast(4)).Build().Generate(new() { Condition = condition }, cancellation: TestContext.Current.CancellationToken);

        Assert.True(result.Trace.Evaluations < 10);
    }

    [Fact]
    public void NetworksRaiseTheirSitesRightly()
    {
        using var mixer = new TinyMixer();
        using var unet = new TinyUNet();

        NetworkCheck.Run(mixer).ThrowIfFailed();
        NetworkCheck.Run(unet, size: [1, 16, 24]).ThrowIfFailed();
        Assert.Contains("multiples of 4", Assert.Throws<ArgumentException>(() => NetworkCheck.Run(unet, size: [1, 16, 18])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(0, 24)]
    [InlineData(1, 16)]
    [InlineData(1, 24)]
    public async Task ACutIsReusedAndSavesWhatItCosts(int depth, int side)
    {
        using var network = new TinyUNet();
        var plain = Sampler.For(network).Ddim(steps: 20).Build();
        var cached = Sampler.For(network).Ddim(steps: 20).Use(new Cached(Where.Cut(depth), new Interval(3), How.LastValue)).Build();

        using var baseline = await plain.GenerateAsync(2, size: [1, side, side], cancellation: TestContext.Current.CancellationToken);
        using var result = await cached.GenerateAsync(2, size: [1, side, side], cancellation: TestContext.Current.CancellationToken);

        // By hand: 9 multiply-adds per entry of a convolution; the cut's tokens are a quarter, or a sixteenth, of the pixels.
        var (half, quarter) = (side * side / 4.0, side * side / 16.0);
        var inner = quarter * 9 * 32 * 32;
        var outer = (half * 9 * 16 * 32) + (half * 4 * 32 * 32) + (half * half * 2 * 32) + inner + (half * 9 * 64 * 32);
        var whole = (side * side * 9.0 * (16 + (2 * 16 * 16) + 48)) + 16 + outer;

        // Every third of 20 steps, from step 0 on, and the last: 8.
        Assert.Equal(20 * whole / ((20 * whole) - (12 * (depth == 0 ? outer : inner))), result.Trace.ArithmeticSpeedup(baseline.Trace), 9);
        Assert.Equal([2L, 1, side, side], result.Latents.shape);
        using var finite = result.Latents.isfinite().all();
        Assert.True(finite.item<bool>());
    }

    [Fact]
    public async Task AUNetServesWholeNetworkStrategiesToo()
    {
        using var network = new TinyUNet();
        var sampler = Sampler.For(network).Ddim(steps: 20).Use(new IntervalForecast(4)).Build();

        using var result = await sampler.GenerateAsync(2, size: [1, 24, 24], cancellation: TestContext.Current.CancellationToken);

        Assert.True(result.Trace.Evaluations < 10);
    }

    [Fact]
    public async Task TheServerServes()
    {
        using var host = FashionServer.Build(Path.Combine(AppContext.BaseDirectory, "Fixtures", "weights", "fashion-dit.safetensors"));
        await host.StartAsync(TestContext.Current.CancellationToken);
        var server = host.Services.GetRequiredService<FashionServer>();

        var pictures = await Task.WhenAll(Enumerable.Range(0, 2).Select(i => server.DrawAsync($"user {i}", i, 1, TestContext.Current.CancellationToken)));

        Assert.All(pictures, p => Assert.Equal([1L, 1, 32, 32], p.Latents.shape));
        Assert.All(pictures, p => Assert.True(p.Trace.Evaluations < p.Trace.FullEvaluations));
        Array.ForEach(pictures, p => p.Dispose());
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>An instrument that arrives later needs its line.</summary>
    [Fact]
    public void EveryInstrumentIsListedWithItsUnit()
    {
        var page = File.ReadAllText(Copied("serving.md"));
        var instruments = typeof(Instruments).GetProperties().Select(p => (Instrument)p.GetValue(null)!).ToArray();

        Assert.True(instruments.Length >= 11);
        Assert.All(instruments, i => Assert.Contains($"| `{i.Name}` | {i.GetType().Name.Split('`')[0]} | `{i.Unit}` |", page, StringComparison.Ordinal));
    }

    // A deterministic build knows no source paths, so the build copies pages and sources beside the tests.
    private static string Copied(string name) => Path.Combine(AppContext.BaseDirectory, "Pages", name);

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlocks();
}
