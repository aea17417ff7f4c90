using Acceleration.Models;
using Acceleration.Onnx;
using static TorchSharp.torch;

namespace Acceleration.Tests.Onnx;

/// <summary>Strategies on the sample's graphs, split: pictures are those of the networks of Acceleration.Models with the same weights and strategies.</summary>
public sealed class OnnxStrategyTests(OnnxStrategyTests.Samples samples) : OnnxTest, IClassFixture<OnnxStrategyTests.Samples>
{
    private const int Steps = 6;

    public static TheoryData<string> OnBlocks { get; } = ["Δ-DiT", "First-Block", "DBCache", "TaylorSeer", "FORA", "PAB", "BAC"];

    public static TheoryData<string> OnCuts { get; } = ["DeepCache", "forecast"];

    [Theory]
    [MemberData(nameof(OnBlocks))]
    public void OnBlocksOfTheDiT(string name) => RequireSamePictures("fashion-dit", name);

    [Theory]
    [MemberData(nameof(OnCuts))]
    public void OnCutsOfTheUNet(string name) => RequireSamePictures("fashion-unet", name);

    /// <summary>The parts compute what the whole does, on large graphs as on tiny ones.</summary>
    [Theory]
    [InlineData("fashion-dit")]
    [InlineData("fashion-unet")]
    public void PartsAreTheWhole(string name)
    {
        using var scope = NewDisposeScope();
        using var whole = OnnxDenoiser.Load(Samples.Folder(name));
        var split = samples.Split(name);
        using var condition = Conditioning.Labels(3, 7, whole.Info.Classes);
        var (latents, time) = (randn([3, .. whole.Info.SampleSize]), tensor(new[] { 20f, 500f, 900f }));
        var expected = whole.Predict(latents, time, condition, Evaluation.Plain(3));
        var output = split.Predict(latents, time, condition, Evaluation.Plain(3));
        Assert.InRange(((output - expected).abs().max() / expected.abs().max()).item<float>(), 0, 1e-6f);
        Assert.InRange(samples.Found(name).Difference, 0, 1e-6);
    }

    private void RequireSamePictures(string name, string strategy)
    {
        var (ours, oursTrace) = Sample(samples.Split(name), Strategy(strategy, ""));
        var (theirs, theirTrace) = Sample(samples.Torch(name), Strategy(strategy, ".gated"));
        using var scope = NewDisposeScope();
        var (a, b) = (tensor(ours), tensor(theirs));
        Assert.InRange((a - b).abs().max().item<float>(), 0, 2e-5f);

        // They left out the same.
        Assert.Equal(theirTrace.Evaluations, oursTrace.Evaluations);
        Assert.True(oursTrace.ArithmeticGain > 1.05, $"{oursTrace.ArithmeticGain}");
        Assert.Equal(1, oursTrace.ArithmeticGain!.Value / theirTrace.ArithmeticGain!.Value, 0.02);

        // And it is something: the plain pictures are others.
        var (plain, _) = Sample(samples.Split(name), null);
        Assert.True((a - tensor(plain)).abs().max().item<float>() > 1e-3);
    }

    /// <summary>A part of a graph has its gate inside: where the hand-written network has a site for it, that is the same.</summary>
    private static IStrategy Strategy(string name, string gated) => name switch
    {
        "Δ-DiT" => new DeltaDiT(2, 4, Steps / 2),
        "First-Block" => new FirstBlockCache(0.6),
        "DBCache" => new DBCache(0.5, 2, 1) { Warmup = 2, MaxSkip = 2 },
        "TaylorSeer" => new TaylorSeer(2, 1) { Where = Where.Chain },
        "FORA" => gated.Length == 0 ? new Fora(2) : new Cached(Where.GatedAttention.Or(Where.GatedFeedForward), new Interval(2) { FromEnd = true }, How.LastValue),
        "PAB" => new PyramidAttentionBroadcast(2) { Gated = gated.Length > 0, Above = 0, Below = 1000 },
        "BAC" => new BlockAdaptiveCaching([.. Enumerable.Range(2, 4).SelectMany(i => new SiteSchedule[] { new(Where.Path($"blocks.{i}.attention{gated}"), [0, 2, 5]), new(Where.Path($"blocks.{i}.ff{gated}"), [0, 1, 4]) })]),
        "DeepCache" => new DeepCache(2, 1),
        "forecast" => new Cached(Where.Cut(2), new Interval(2), How.Linear()),
        _ => throw new ArgumentException(name),
    };

    private static (float[] Values, Trace Trace) Sample(IDenoiser network, IStrategy? strategy)
    {
        var plain = Sampler.For(network);
        plain = network.Info.Prediction == PredictionType.Flow ? plain.FlowEuler(Steps) : plain.Ddim(Steps);
        using var condition = Conditioning.Labels(3, 7);
        using var result = (strategy is null ? plain : plain.Use(strategy)).Build().Generate(new SamplingRequest { Condition = condition, Seed = 5 });
        return (result.Latents.data<float>().ToArray(), result.Trace);
    }

    /// <summary>Both networks, split and as they are written by hand.</summary>
    public sealed class Samples : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("onnx-samples-").FullName;
        private readonly Dictionary<string, (OnnxSplit Found, OnnxDenoiser Split, IDenoiser Torch)> _networks = [];

        public Samples()
        {
            foreach (var name in new[] { "fashion-dit", "fashion-unet" })
            {
                var found = OnnxSplitter.Split(Folder(name), Path.Combine(_folder, name));
                _networks[name] = (found, OnnxDenoiser.Load(found.Manifest), Acceleration.Models.Networks.Load(Path.Combine(Folder(name), $"{name}.safetensors"), new NetworkOptions { DType = ScalarType.Float32 }));

                // What is made once stays, and is nothing that a test leaves behind.
                Sample(Torch(name), null);
                Sample(Split(name), null);
            }
        }

        public static string Folder(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "onnx", name);

        public OnnxSplit Found(string name) => _networks[name].Found;

        public OnnxDenoiser Split(string name) => _networks[name].Split;

        public IDenoiser Torch(string name) => _networks[name].Torch;

        public void Dispose()
        {
            foreach (var (_, split, torch) in _networks.Values)
            {
                split.Dispose();
                torch.Dispose();
            }

            Directory.Delete(_folder, recursive: true);
        }
    }
}
