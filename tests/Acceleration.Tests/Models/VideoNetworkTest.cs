using Acceleration.Models;
using Acceleration.Tests.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>What every video network must do, by the stored cases of its fixtures.</summary>
public abstract class VideoNetworkTest : ModelTest
{
    /// <summary>Whether the files of this family hold frames before channels.</summary>
    protected virtual bool FramesFirst => false;

    /// <summary>A network on the device of the tests.</summary>
    protected static IDenoiser Open(string path, ScalarType dtype = ScalarType.Float32) => Networks.Load(path, new() { DType = dtype, Device = TestDevice.Current });

    /// <summary>A case of a fixture.</summary>
    internal VideoCase Stored(string fixture, long channels, string number = "") => VideoCase.Read(Fixture(fixture), number, channels, FramesFirst);

    /// <param name="fixture">The file.</param>
    /// <param name="numbers">Its cases.</param>
    /// <param name="exactness">Of the reference's double precision.</param>
    protected void CheckOutputs(string fixture, string[] numbers, double exactness = 1e-10)
    {
        Golden.Holds($"models/{fixture}", "output", "output, strict");
        using var network = Open(Fixture(fixture));
        using var exact = Open(Fixture(fixture), ScalarType.Float64);
        foreach (var number in numbers)
        {
            var stored = Stored(fixture, network.Info.Channels, number);
            Assert.InRange(Difference(stored.Run(network), stored.Reference64), 0, 1e-5 * Math.Max(1, stored.Reference.abs().max().item<float>()));
            Assert.InRange(Difference(stored.Run(exact), stored.Reference64), 0, exactness);
        }
    }

    protected static void CheckSites(string fixture, params long[] size)
    {
        using var network = Open(Fixture(fixture));
        var report = NetworkCheck.Run(network, size: size);
        report.ThrowIfFailed();
        Assert.Equal(network.Info.Sites.All.Select(s => s.Path).Except(["prediction"]).Order(), report.Findings.Select(f => f.Site).Distinct().Order());
    }

    protected void CheckPassingOn(string fixture, params string[] tags)
    {
        using var network = Open(Fixture(fixture));
        var stored = Stored(fixture, network.Info.Channels);
        var plain = stored.Run(network);
        foreach (var tag in tags)
        {
            var sites = Sites(network, tag);
            Assert.NotEmpty(sites);
            foreach (var path in sites)
            {
                var site = new SiteProbe((_, h, next) => next.Invoke(h));
                IRun run = tag == "chain" ? new ChainProbe((_, h, next) => next.Invoke(h, 0, next.Count)) : site;
                var hooked = stored.Run(network, HookedEvaluation.Of(network.Info, stored.Rows, run, HookedEvaluation.Claim(Where.Path(path)), out var trace));
                Assert.True(Difference(hooked, plain) == 0, path);
                Assert.True(trace.MultiplyAdds == 0, path);
                Assert.True(tag == "chain" || site.Calls == 1, path);
            }
        }
    }

    protected void CheckDropping(string fixture, string inner, string outer)
    {
        using var network = Open(Fixture(fixture));
        var stored = Stored(fixture, network.Info.Channels);
        Tensor Dropped(string path) => stored.Run(
            network, HookedEvaluation.Of(network.Info, stored.Rows, new SiteProbe((_, h, next) => next.Drop(h)), HookedEvaluation.Claim(Where.Path(path)), out _));

        Assert.Equal(0, Difference(Dropped(inner), Dropped(outer)));
        Assert.True(Difference(Dropped(inner), stored.Run(network)) > 1e-3);
    }

    protected void CheckRows(string fixture)
    {
        using var network = Open(Fixture(fixture));
        var stored = Stored(fixture, network.Info.Channels);
        var single = Enumerable.Range(0, stored.Rows).Select(i => stored.Row(i).Run(network));
        Assert.InRange(RelativeDifference(stored.Run(network), cat([.. single], 0)), 0, 1e-5);
    }

    protected void CheckShortNumbers(string fixture)
    {
        using var exact = Open(Fixture(fixture));
        using var network = Open(Fixture(fixture), ScalarType.BFloat16);
        var stored = Stored(fixture, network.Info.Channels);
        var made = stored.Run(network);

        Assert.Equal(ScalarType.Float32, made.dtype);
        Assert.InRange(RelativeDifference(made, stored.Run(exact)), 1e-7, 0.03);
    }

    /// <summary>Both signals, with shapes.</summary>
    protected void CheckSignals(string fixture, string number, params long[] embedding)
    {
        using var network = Open(Fixture(fixture));
        var stored = Stored(fixture, network.Info.Channels, number);
        var shapes = new List<long[]>();
        var probe = new ChainProbe((call, h, next) =>
        {
            shapes.AddRange([call.Signal(Signal.TimeEmbedding)!.shape, call.Signal(Signal.ModulatedInput)!.shape, h.Main.shape]);
            return next.Invoke(h, 0, next.Count);
        });
        stored.Run(network, HookedEvaluation.Of(
            network.Info, stored.Rows, probe, HookedEvaluation.Claim(Where.Chain) with { Signals = [Signal.TimeEmbedding, Signal.ModulatedInput] }, out _));

        Assert.Equal(embedding, shapes[0]);
        Assert.Equal(shapes[2], shapes[1]);
    }

    protected void CheckInputs(string fixture)
    {
        using var network = Open(Fixture(fixture));
        var stored = Stored(fixture, network.Info.Channels);
        Refuses("takes latents of size", stored with { Latents = stored.Latents.narrow(3, 0, 3) });
        Refuses("takes latents of size", stored with { Latents = stored.Latents.repeat(1, 7, 1, 1, 1) });
        Refuses("takes latents of size", stored with { Latents = stored.Latents.flatten(3) });
        Refuses("timestep must be", stored with { Time = stored.Time.repeat(2) });
        Refuses("timestep must be", stored with { Time = stored.Time.unsqueeze(1) });
        foreach (var (name, tensor) in stored.Conditions.Where(c => c.Name is not ConditionNames.Offset))
        {
            Refuses($"'{name}'", stored.Without(name));
            Refuses($"'{name}'", stored.With(name, tensor.narrow(-1, 0, 2)));
            Refuses($"'{name}'", stored.With(name, tensor.unsqueeze(1)));
        }

        using var condition = stored.Condition();
        Assert.Contains("rows", Assert.ThrowsAny<ArgumentException>(() => network.Predict(stored.Latents, stored.Time, condition, Evaluation.Plain(stored.Rows + 1))).Message, StringComparison.Ordinal);

        void Refuses(string part, VideoCase wrong) => Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(() => wrong.Run(network)).Message, StringComparison.Ordinal);
    }

    /// <summary>Loads a copy of a fixture with another configuration, which must be refused.</summary>
    protected void CheckRefusal(string fixture, string part, string replacement, string expected) =>
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => Networks.Load(Changed(fixture, part, replacement))).Message, StringComparison.Ordinal);

    /// <summary>A copy of a fixture with another configuration.</summary>
    protected string Changed(string fixture, string part, string replacement)
    {
        var path = PathOf("changed.safetensors");
        Golden.Copy("models/" + fixture, path, metadata: m =>
        {
            Assert.Contains(part, m["config"], StringComparison.Ordinal);
            m["config"] = m["config"].Replace(part, replacement, StringComparison.Ordinal);
        });
        return path;
    }

    private static string[] Sites(IDenoiser network, string tag) => [.. network.Info.Sites.All.Where(Where.Parse(tag).Matches).Select(s => s.Path)];
}
