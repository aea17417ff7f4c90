using Acceleration.Tests.Caching;
using Acceleration.Tests.Caching.Contract;
using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Tests.Devices;

/// <summary>
/// libtorch's meta device has shapes and no values: whoever reads a value there fails, and so does an operator that is given a tensor of another device. What runs on it
/// needs nothing from the device until the end, and leaves nothing behind on the CPU.
/// </summary>
public sealed class MetaDeviceTests : CoreTest
{
    private static readonly Device Meta = device(DeviceType.META);

    /// <summary>All but those that gather tokens or rows, take absolute values or Fourier transforms: libtorch has no meta form of these operators.</summary>
    public static TheoryData<string> Names =>
        [.. KnownStrategy.All.Where(k => !k.Value.Active.Any(a => a is ToMeSD or TGate or SadaTokens or SparseAttention or CfgCache || (a is Cached alone && HasNoMetaForm(alone)) || (a is CacheMethod m && m.Parts.Any(HasNoMetaForm))) && !GathersRows(k.Value.Active)).Select(k => k.Key)];

    private static bool HasNoMetaForm(Cached line) => line.When is MeasuredWhen || line.How is FrequencySplit or DynamicModes;

    /// <summary>A branch that begins later lies in the caches in batches of its own.</summary>
    private static bool GathersRows(IStrategy[] strategies) => strategies.Length > 1 && strategies.Any(s => s is PerturbationGuidance);

    [Fact]
    public void ADeviceWithoutValuesRefusesToBeRead()
    {
        var x = zeros(2, 3, device: Meta);

        Assert.ThrowsAny<Exception>(() => HostReads.Floats(x));
        Assert.ThrowsAny<Exception>(() => x + ones(2, 3));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ARequestReadsNothingButWhatItDecidesOn(string name)
    {
        using var device = TestDevice.Use(Meta);
        var known = KnownStrategy.All[name];
        using IDenoiser network = known.OtherNetwork is null ? new SiteToy(adds: true) : known.Network();
        var request = Toy.Request(2);
        using var condition = request.Condition;
        using var session = KnownStrategy.Guided(network, known.Active).Start(request);
        var before = HostReads.Count;

        var error = Record.Exception(() => session.RunToEnd(cancellation: TestContext.Current.CancellationToken));

        // The first value that is asked for ends it: nothing before needed one. Where nobody decides, that is whether all was finite, at the end.
        var read = Assert.IsType<SamplingException>(error);
        Assert.Contains("Cannot copy out of meta tensor", read.InnerException!.Message, StringComparison.Ordinal);
        Assert.Equal(before + 1, HostReads.Count);
        Assert.Equal(DeviceType.META, session.Latents.device_type);
        if (known.DecidesByValues == 0)
        {
            Assert.Equal(KnownStrategy.Steps - 1, read.Step.Index);
        }
    }
}
