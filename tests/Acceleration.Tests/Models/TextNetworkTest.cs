using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>What every network that reads a text must do, by the stored cases of its fixtures.</summary>
public abstract class TextNetworkTest : ModelTest
{
    private const double TokenTimes = 1000;

    /// <summary>A network of whichever family, on the device of the tests.</summary>
    protected static IDenoiser Open(string path, ScalarType dtype = ScalarType.Float32) => Networks.Load(path, new() { DType = dtype, Device = TestDevice.Current });

    /// <summary>A stored case: FLUX's packed tokens are put together again, and its times run to 1000.</summary>
    internal static NetworkCase Stored(string fixture, string number = "")
    {
        using var file = SafetensorsFile.Open(Fixture(fixture));
        var x = file.Read($"input{number}.hidden_states");
        var time = file.Read($"input{number}.timestep").to(ScalarType.Float64);
        var packed = x.ndim == 3;
        (string Stored, string Name)[] names =
        [
            ("encoder_hidden_states", ConditionNames.Text), ("pooled_projections", ConditionNames.Pooled), ("guidance", ConditionNames.Guidance), ("encoder_attention_mask", ConditionNames.TextMask),
            ("added_cond_kwargs.resolution", ConditionNames.Resolution), ("added_cond_kwargs.aspect_ratio", ConditionNames.AspectRatio),
        ];
        return new(
            Picture(x),
            (packed ? time * TokenTimes : time).ToTestDevice(),
            [.. names.Where(n => file.Names.Contains($"input{number}.{n.Stored}")).Select(n => (n.Name, file.Read($"input{number}.{n.Stored}").clone().ToTestDevice()))],
            Picture(file.Read($"output{number}.sample")),
            Picture(file.Read($"output64{number}.sample")));

        Tensor Picture(Tensor t) => (packed ? PatchEmbedding.Assemble(t, High(file), t.size(1) / High(file), 2, channelsFirst: true) : t.clone()).ToTestDevice();
    }

    protected static void DoublePrecisionIsTheReferences(string fixture, string number)
    {
        var stored = Stored(fixture, number);
        using var network = Open(Fixture(fixture));
        using var exact = Open(Fixture(fixture), ScalarType.Float64);

        Assert.InRange(Difference(stored.Run(network), stored.Reference64), 0, 1e-5 * Math.Max(1, stored.Reference.abs().max().item<float>()));
        Assert.InRange(Difference(stored.Run(exact), stored.Reference64), 0, 1e-10);
    }

    protected static void EverySiteIsRaisedAsStrategiesRelyOn(string fixture, params long[] size)
    {
        using var network = Open(Fixture(fixture));
        NetworkCheck.Run(network, size: size).ThrowIfFailed();
    }

    protected static void HooksThatPassOnChangeNoBitAndNoCost(string fixture, params string[] tags)
    {
        var stored = Stored(fixture);
        using var network = Open(Fixture(fixture));
        var plain = stored.Run(network);
        foreach (var tag in tags)
        {
            var site = new SiteProbe((_, h, next) => next.Invoke(h));
            IRun run = tag == "chain" ? new ChainProbe((_, h, next) => next.Invoke(h, 0, next.Count)) : site;
            var hooked = stored.Run(network, HookedEvaluation.Of(network.Info, stored.Rows, run, HookedEvaluation.Claim(Where.Parse(tag)), out var trace));

            Assert.True(Difference(hooked, plain) == 0, tag);
            Assert.True(trace.MultiplyAdds == 0, tag);
            Assert.True(tag == "chain" || site.Calls == network.Info.Sites.All.Count(Where.Parse(tag).Matches), tag);
        }
    }

    protected static void DroppingAPartAddsNothing(string fixture, string inner, string outer)
    {
        var stored = Stored(fixture);
        using var network = Open(Fixture(fixture));
        Tensor Dropped(string tag) => stored.Run(
            network, HookedEvaluation.Of(network.Info, stored.Rows, new SiteProbe((_, h, next) => next.Drop(h)), HookedEvaluation.Claim(Where.Parse(tag)), out _));

        Assert.Equal(0, Difference(Dropped(inner), Dropped(outer)));
        Assert.True(Difference(Dropped(inner), stored.Run(network)) > 1e-3);
    }

    protected static void ABatchIsItsRows(string fixture)
    {
        var stored = Stored(fixture);
        using var network = Open(Fixture(fixture));
        var single = Enumerable.Range(0, stored.Rows).Select(i => stored.Row(i).Run(network));
        Assert.InRange(RelativeDifference(stored.Run(network), cat([.. single], 0)), 0, 1e-5);
    }

    protected static void ShortNumbersAreClose(string fixture)
    {
        var stored = Stored(fixture);
        using var exact = Open(Fixture(fixture));
        using var network = Open(Fixture(fixture), ScalarType.BFloat16);
        var made = stored.Run(network);

        Assert.Equal(ScalarType.Float32, made.dtype);
        Assert.InRange(RelativeDifference(made, stored.Run(exact)), 1e-7, 0.03);
    }

    /// <summary>Strategies of every kind run on the network, save what they promise, and leave numbers.</summary>
    /// <param name="fixture">The network.</param>
    /// <param name="others">Strategies for it alone.</param>
    internal static void StrategiesWork(string fixture, params IReadOnlyList<IStrategy> others)
    {
        var stored = Stored(fixture);
        using var network = Open(Fixture(fixture));
        IStrategy[] strategies =
        [
            new EasyCache(100),
            new DeltaDiT(2, 1, 2),
            new Cached(Where.Blocks, new Interval(2), How.LastResidual),
            new Cached(Where.Attention, new Interval(2), How.LastValue),
            new Cached(Where.GatedAttention, new Interval(2), How.Linear(Abscissa.Step)),
            new Cached(Where.FeedForward, new Interval(2), How.LastValue),
            .. others,
        ];
        using var plain = Run(null);
        foreach (var strategy in strategies)
        {
            using var result = Run(strategy);
            Assert.True(result.Latents.isfinite().all().item<bool>(), strategy.Tag);
            Assert.True(result.Trace.MultiplyAdds < plain.Trace.MultiplyAdds, strategy.Tag);
            Assert.True(Difference(result.Latents, plain.Latents) > 0, strategy.Tag);
        }

        SamplingResult Run(IStrategy? strategy)
        {
            var builder = Sampler.For(network);
            builder = network.Info.Prediction == PredictionType.Flow ? builder.FlowEuler(6) : builder.Ddim(6);
            using var condition = stored.Condition();
            return (strategy is null ? builder : builder.Use(strategy)).Build().Generate(new() { Condition = condition, Size = [network.Info.Channels, 8, 16], Seed = 3 });
        }
    }

    /// <summary>Both signals, with shapes; <paramref name="width"/> is the width of a token.</summary>
    protected static void SignalsArePublished(string fixture, long width)
    {
        var stored = Stored(fixture);
        using var network = Open(Fixture(fixture));
        var shapes = new List<long[]>();
        var probe = new ChainProbe((call, h, next) =>
        {
            shapes.AddRange([call.Signal(Signal.TimeEmbedding)!.shape, call.Signal(Signal.ModulatedInput)!.shape, h.Main.shape]);
            return next.Invoke(h, 0, next.Count);
        });
        stored.Run(network, HookedEvaluation.Of(
            network.Info, stored.Rows, probe, HookedEvaluation.Claim(Where.Chain) with { Signals = [Signal.TimeEmbedding, Signal.ModulatedInput] }, out _));

        Assert.Equal([stored.Rows, width], shapes[0]);
        Assert.Equal(shapes[2], shapes[1]);
    }

    protected static void WrongInputsAreRefused(string fixture)
    {
        var stored = Stored(fixture);
        using var network = Open(Fixture(fixture));
        void Refuses(string part, NetworkCase wrong) => Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(() => wrong.Run(network)).Message, StringComparison.Ordinal);

        Refuses("takes latents of size", stored with { Latents = stored.Latents.narrow(3, 0, 3) });
        Refuses("takes latents of size", stored with { Latents = stored.Latents.narrow(1, 0, 1).repeat(1, 7, 1, 1) });
        Refuses("takes latents of size", stored with { Latents = stored.Latents.unsqueeze(-1) });
        Refuses("floating-point", stored with { Latents = stored.Latents.to(ScalarType.Int64) });
        Refuses("timestep must be", stored with { Time = stored.Time.repeat(2) });
        Refuses("timestep must be", stored with { Time = stored.Time.unsqueeze(1) });
        foreach (var (name, tensor) in stored.Conditions.Where(c => c.Name is ConditionNames.Text or ConditionNames.Pooled))
        {
            Refuses($"needs '{name}'", stored.Without(name));
            Refuses($"reads '{name}'", stored.With(name, tensor.narrow(-1, 0, 3)));
            Refuses($"reads '{name}'", stored.With(name, tensor.unsqueeze(1)));
            Refuses($"reads '{name}'", stored.With(name, tensor.to(ScalarType.Int64)));
        }

        using var condition = stored.Condition();
        Assert.Contains("rows", Assert.ThrowsAny<ArgumentException>(() => network.Predict(stored.Latents, stored.Time, condition, Evaluation.Plain(stored.Rows + 1))).Message, StringComparison.Ordinal);
    }

    /// <summary>Loads a copy of a fixture with another configuration, which must be refused.</summary>
    protected void IsRefused(string fixture, string part, string replacement, string expected)
    {
        var path = PathOf("refused.safetensors");
        Tool.Golden.Copy("models/" + fixture, path, metadata: m =>
        {
            Assert.Contains(part, m["config"], StringComparison.Ordinal);
            m["config"] = m["config"].Replace(part, replacement, StringComparison.Ordinal);
        });
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => Networks.Load(path)).Message, StringComparison.Ordinal);
    }

    private static long High(SafetensorsFile file) => (long)file.Read("input.img_ids").select(1, 1).max().to(ScalarType.Float64).item<double>() + 1;
}
