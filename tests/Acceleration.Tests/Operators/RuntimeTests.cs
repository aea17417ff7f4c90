using static TorchSharp.torch;
using Tuning = Acceleration.Runtime;

namespace Acceleration.Tests.Operators;

public sealed class RuntimeTests : OperatorTest
{
    private readonly int _threads = get_num_threads();

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1025)]
    public void ThreadsOutsideTheirRangeAreRefused(int threads)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Tuning.Tune(new(threads)));

        Assert.Equal(threads, error.ActualValue);
        Assert.Equal(_threads, get_num_threads());
    }

    [Fact]
    public void ThreadsAskedForAreSetOnceAndRoutesMeasuredAnew()
    {
        Gelu.Compute(ones(1 << 14));
        Assert.NotEmpty(OperatorRoutes.Describe());
        var other = _threads == 1 ? 2 : 1;
        try
        {
            var first = Tuning.Tune(new(other, Allocator: false));
            Assert.Equal(other, first.Threads);
            Assert.Equal(other, get_num_threads());
            Assert.True(Setting(first, "threads").Changed);
            Assert.Empty(OperatorRoutes.Describe());

            var second = Tuning.Tune(new(other, Allocator: false));
            Assert.Equal(other, second.Threads);
            Assert.False(Setting(second, "threads").Changed);
        }
        finally
        {
            set_num_threads(_threads);
        }
    }

    [Fact]
    public void TheAllocatorIsLeftIfNotAsked()
    {
        var setting = Setting(Tuning.Tune(new(_threads, Allocator: false)), "allocator");

        Assert.False(setting.Changed);
        Assert.Contains("as asked", setting.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void DefaultsNeverUseMoreThreadsAndSayWhatTheyDid()
    {
        try
        {
            var first = Tuning.Tune();
            var second = Tuning.Tune();

            Assert.InRange(first.Threads, 1, _threads);
            Assert.Equal(first.Threads, second.Threads);
            Assert.DoesNotContain(second.Settings, setting => setting.Changed);
            Assert.Equal(["threads", "allocator"], first.Settings.Select(setting => setting.Name));
            Assert.Contains("allocator: ", first.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            set_num_threads(_threads);
        }
    }

    [Fact]
    public void SiblingsCountAsOneCore()
    {
        var root = Directory.CreateTempSubdirectory();
        try
        {
            Assert.Null(PhysicalCores.Count(root.FullName));
            foreach (var (cpu, siblings) in new[] { ("cpu0", "0,2"), ("cpu1", "1,3"), ("cpu2", "0,2"), ("cpu3", "1,3") })
            {
                var topology = root.CreateSubdirectory(Path.Combine(cpu, "topology"));
                File.WriteAllText(Path.Combine(topology.FullName, "thread_siblings_list"), siblings + "\n");
            }

            root.CreateSubdirectory("cpufreq");
            Assert.Equal(2, PhysicalCores.Count(root.FullName));
            Assert.Null(PhysicalCores.Count(Path.Combine(root.FullName, "missing")));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static RuntimeSetting Setting(RuntimeReport report, string name) => Assert.Single(report.Settings, setting => setting.Name == name);
}
