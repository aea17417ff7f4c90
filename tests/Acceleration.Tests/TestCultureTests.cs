using System.Globalization;

namespace Acceleration.Tests;

/// <summary>The other tests prove nothing about cultures where this one fails.</summary>
public sealed class TestCultureTests
{
    [Fact]
    public async Task TestsRunUnderDecimalCommas()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("ACCELERATION_TEST_CULTURE") == "machine", "The machine's culture was asked for.");
        Assert.Equal("\u22121,5", $"{-1.5}");
        Assert.Equal("1.234,5", 1234.5.ToString("N1", CultureInfo.CurrentCulture));

        var elsewhere = "";
        var thread = new Thread(() => elsewhere = $"{0.5}");
        thread.Start();
        thread.Join();
        Assert.Equal("0,5", elsewhere);
        Assert.Equal("0,5", await Task.Run(() => $"{0.5}", TestContext.Current.CancellationToken));
    }
}
