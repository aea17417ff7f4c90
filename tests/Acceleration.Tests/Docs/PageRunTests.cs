using Acceleration.Tests.Models;
using Acceleration.Tests.Onnx;
using Acceleration.Tests.Sampling.Schedulers;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Docs;

/// <summary>The code of the pages does what they say.</summary>
public sealed class PageRunTests : IDisposable
{
    private readonly string _before = Directory.GetCurrentDirectory();
    private readonly string _folder = Directory.CreateTempSubdirectory("pages-").FullName;
    private readonly TextWriter _out = Console.Out;
    private readonly StringWriter _written = new();

    public PageRunTests()
    {
        Directory.SetCurrentDirectory(_folder);
        Console.SetOut(_written);
    }

    public void Dispose()
    {
        Console.SetOut(_out);
        _written.Dispose();
        Directory.SetCurrentDirectory(_before);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task QuickStartOfTheReadme()
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Fixtures", "weights", "fashion-dit.safetensors"), "fashion-dit.safetensors");
        await QuickStart.RunAsync();
        Assert.Equal($"{16:0.0} network evaluations instead of 100", _written.ToString().Trim());
    }

    [Fact]
    public async Task QuickStartOfThePackage()
    {
        await PackageCode.RunAsync();
        Assert.Matches("^[12][0-9] network evaluations instead of 50$", _written.ToString().Trim());
    }

    [Fact]
    public async Task OnnxModels()
    {
        OnnxModel.Copy("fashion-dit", "fashion-dit");
        OnnxModel.Changed(OnnxModel.Dit, "exported", m => OnnxModel.Rename(m, "class_labels", "kind"));
        await OnnxCode.RunAsync();
        Assert.Equal([$"{38:0} network evaluations instead of {100:0}", $"8 blocks, 16 parts, {2.6:0.0} times less arithmetic"], _written.ToString().Trim().Split(Environment.NewLine));
    }

    [Fact]
    public void SitesOfTheArchitecture()
    {
        using var scope = NewDisposeScope();
        var (h, a) = ArchitectureCode.Run(ones(2, 2, 3, 4), 0.5);

        // (1 + 1) · 0.5, then blocks 0 and 1.
        Assert.Equal(2, h.max().item<float>());
        Assert.Equal([2L, 2, 3, 4], a.shape);
    }

    /// <summary>Blocks by their importance, and a range that changes on the way, run on a network; as many tokens are kept as were asked for.</summary>
    [Fact]
    public void LinesOfTheStrategies()
    {
        using var network = new ChainToy(blocks: 4);
        var importance = new RecordedImportance();
        Caching.Calibrated.Recorded.Recording.Of(Sampler.For(network).FlowEuler(6), 1, importance);
        var random = new Random(3);
        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
        var (pruned, course, kept) = StrategiesCode.Run(importance, Numbers(2 * 3 * 8), Numbers(8 * 5), 8);
        Assert.Equal(4, kept.Count);
        network.Calls.Clear();
        Toy.Run(Sampler.For(network).FlowEuler(6).Use(pruned).Build());
        Assert.All(Enumerable.Range(0, 4), b => Assert.Equal(pruned.Blocks.Contains(b) ? 0 : 6, network.CountOf($"blocks.{b}")));
        network.Calls.Clear();
        Toy.Run(Sampler.For(network).FlowEuler(6).Use(course).Build());
        Assert.Equal([6, 6], Enumerable.Range(0, 2).Select(b => network.CountOf($"blocks.{b}")));
        Assert.True(network.CountOf("blocks.3") < 6);
    }

    [Fact]
    public async Task ThePoolOfServing()
    {
        using var network = new ChainToy();
        var request = Toy.Request(2);
        using var condition = request.Condition;
        var steps = new List<int>();
        var shape = await PoolCode.RunAsync(Sampler.For(network).FlowEuler(3).Build(), request, new Steps(steps), TestContext.Current.CancellationToken);
        Assert.Equal([2L, 1, 4, 4], shape);
        Assert.Equal([1, 2, 3], steps);
    }

    [Fact]
    public void SavingOfReliability()
    {
        using var scope = NewDisposeScope();
        using var network = new ChainToy();
        var sampler = ReliabilityCode.Careful(network);
        var request = Toy.Request(2);
        using var condition = request.Condition;
        ReliabilityCode.Keep(sampler, request, TestContext.Current.CancellationToken);
        Assert.Equal(Toy.Run(sampler, 2).Values, ReliabilityCode.GoOn(sampler, TestContext.Current.CancellationToken));
        Assert.Equal((NonFinite.Recompute, 512L << 20), (sampler.NonFinite, sampler.CacheBudget));
    }

    private sealed class Steps(List<int> seen) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value) => seen.Add(value.Step);
    }

    [Fact]
    public void Plans()
    {
        using var network = new ChainToy(type: PredictionType.Epsilon);
        PlansCode.Run(network);

        Assert.Equal("ddim50+CFG2+EC0.05", _written.ToString().Trim());
        Assert.Equal(AccelerationPlan.Parse("ddim50+CFG2+EC0.05"), AccelerationPlan.Load("plan.json"));
    }

    [Fact]
    public void Schedulers()
    {
        using var network = Denoiser.From(Toy.Info("toy", PredictionType.Epsilon) with { Noise = NoiseTableTests.StableDiffusionTable }, (x, _, _) => x * 0.3);
        File.WriteAllText("scheduler_config.json", PublishedConfigs.StableDiffusion15);
        SchedulersCode.Run(network);
        Assert.Equal("PNDMScheduler: pndm20o1first; of no influence here: clip_sample", _written.ToString().Trim());

        Assert.Equal("lcm2w0.5", SchedulersCode.Consistency(network, PublishedConfigs.LatentConsistency).Tag);
        Assert.All(SchedulersCode.Aligned(network), s => Assert.Equal(10, s.Steps));
    }

    [Fact]
    public void WholeModels()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([1L, 3, 32, 32], ModelsCode.WholeModel(TinyModel.Write(".", "sdxl"), new(32, 32)).shape);
        var (condition, unwanted) = ModelsCode.PartOfAPicture(TinyModel.Write(".", "sd15-inpaint"), new(32, 32), zeros(1, 3, 32, 32), ones(1, 1, 32, 32));
        using (condition)
        using (unwanted)
        {
            Assert.Equal([1L, 5, 8, 8], condition[ConditionNames.ImageLatents].shape);
            Assert.Equal(condition.Names, unwanted.Names);
        }
    }

    [Fact]
    public async Task YourOwnModel()
    {
        using var halving = new Halving();
        using var wrapped = OwnModelCode.Wrapped(halving);
        using var whole = OwnModelCode.WholeNetwork();
        using var network = new TinyMixer();
        OwnModelCode.Check(network);

        Assert.Equal([1L, 4, 64, 64], wrapped.Latents.shape);
        Assert.Equal(3, halving.Calls);
        Assert.True(whole.Trace.Evaluations < 10);
        Assert.Equal([4L, 1, 24, 24], await OwnModelCode.CutAsync());
        using var cached = OwnModelCode.WrappedWithSites(halving, new Cached(Where.Blocks, new AtSteps([0, 2]), How.LastResidual));
        Assert.Equal(3 + 2, halving.Calls);
    }

    [Fact]
    public async Task AUShapedTransformer()
    {
        using var network = new TinyUViT();
        OwnModelCode.Check(network);
        var trace = await OwnModelCode.UShapedAsync();
        Assert.Empty(trace.Idle);
        Assert.True(trace.ArithmeticGain > 1.4, $"{trace.ArithmeticGain}");
    }

    [Fact]
    public void YourOwnStrategy()
    {
        using var network = new TinyMixer();
        Assert.Equal(new Cached(Where.FeedForward, new Interval(3, 4), How.Linear(Abscissa.LogSnr)), OwnStrategyCode.Mine());
        Assert.Equal([new AttentionBroadcast(3, Start: 0.2)], OwnStrategyCode.Read().Strategies);
        Assert.Equal([new AveragedChange(), new How(Quantity.Residual, new EasedLine(), Abscissa.LogSnr)], OwnStrategyCode.Averaged());
        Assert.Equal([new FrozenFeedForward(3, 7)], OwnStrategyCode.Frozen(network).Strategies);
        using var guided = new ChainToy();
        Assert.Equal("flow-euler10+CFG3+WU0.4+RS0.7", OwnStrategyCode.Warmed(guided).Tag);
    }

    private sealed class Halving() : nn.Module<Tensor, Tensor, Tensor>("halving")
    {
        public int Calls { get; private set; }

        public override Tensor forward(Tensor latents, Tensor timestep)
        {
            Calls++;
            return latents * 0.5;
        }
    }
}
