namespace Acceleration.Tests.Caching.Methods;

/// <summary>What SpeCa's published program decides, by its own rule, which is written out here over the numbers that were put into a run.</summary>
public sealed class SpeCaTests
{
    private const int Steps = 40;

    [Fact]
    public void AsPublishedTheStepBehindAWrongForecastIsComputed()
    {
        // The sixth number is twice what was forecast: an error of a half.
        using var network = new SteppedChain(1, 1, 1, 1, 1, 2, 2, 2, 2, 2);
        string Of(bool published) => Told(network.Decide(new SpeCa(0.3, Decay: 1, Order: 0) { Published = published }));

        Assert.Equal("CCCssCssss", Of(false));
        Assert.Equal("CsCsssCsss", Of(true));
    }

    [Fact]
    public void AsPublishedAnErrorThatEqualsTheThresholdIsAccepted()
    {
        using var network = new SteppedChain(1, 1, 1, 1, 1, 2, 2, 2);
        string Of(double threshold) => Told(network.Decide(new SpeCa(threshold, Decay: 1, Order: 0) { Published = true }));

        Assert.Equal("CsCsssss", Of(0.5));
        Assert.Equal("CsCsssCs", Of(Math.BitDecrement(0.5f)));
    }

    [Theory]
    [InlineData(0.3, 0.05, 0, 8, 0.01, 3, 1)]
    [InlineData(0.3, 0.05, 3, 8, 0.01, 3, 1)]
    [InlineData(0.1, 0.3, 1, 3, 0, 4, 0)]
    [InlineData(0.05, 1, 2, 8, 0.02, 1, 1)]
    [InlineData(0.002, 1, 1, 5, 0, 2, 1)]
    [InlineData(1000, 1, 0, 4, 0, 3, 1)]
    public void DecisionsAreThoseOfThePublishedRule(double threshold, double decay, int min, int max, double floor, int warmup, int order)
    {
        // Slow, then fast, with a jump in the middle.
        double[] added = [.. Enumerable.Range(0, Steps).Select(i => 2 + Math.Sin(0.004 * i * i) + (i > 17 ? 0.4 : 0))];
        using var network = new SteppedChain(added);
        var when = new ForecastError(threshold, decay, min, max) { Floor = floor, Warmup = warmup, Order = order, Published = true };
        var line = new Cached(Where.Chain, when, new How(Quantity.Residual, new Polynomial(order), Abscissa.Step)) { Range = new MiddleBlocks(1) };

        var expected = Published(added, when);
        var decisions = network.Decide(line);

        Assert.Equal(string.Concat(expected.Select(e => e.Skip ? 's' : 'C')), Told(decisions));
        Assert.All(expected.Zip(decisions).Where(p => p.First.Error is not null), p => Assert.Equal(p.First.Error!.Value, p.Second.Value, 1e-4));
        Assert.Contains(decisions, d => d.Skip);
        Assert.Contains(decisions.Skip(warmup), d => !d.Skip);
    }

    /// <summary>The rule of the published program. The error is that which a step is decided on: the one before's.</summary>
    private static List<(bool Skip, double? Error)> Published(double[] real, ForecastError settings)
    {
        var computed = new List<int>();
        var told = new List<(bool, double?)>();
        var (full, forecasts, error) = (false, 0, (double?)null);
        for (var i = 0; i < real.Length; i++)
        {
            var check = false;
            if (full)
            {
                (full, forecasts, error) = (false, 1, null);
                told.Add((true, null));
            }
            else
            {
                var threshold = Math.Max(settings.Threshold * Math.Pow(settings.Decay, i / (double)real.Length), settings.Floor);
                check = forecasts >= settings.Min;
                full = i < settings.Warmup || forecasts >= settings.Max || (error > threshold && check);
                forecasts = full ? 0 : forecasts + 1;
                told.Add((!full, i < settings.Warmup ? null : error));
            }

            if (full)
            {
                computed.Add(i);
            }
            else if (check)
            {
                error = Math.Abs(Forecast(i) - real[i]) / Math.Abs(real[i]);
            }
        }

        return told;

        double Forecast(int at)
        {
            var last = computed[^1];
            return settings.Order == 0 || computed.Count == 1 ? real[last] : real[last] + ((real[last] - real[computed[^2]]) / (last - computed[^2]) * (at - last));
        }
    }

    private static string Told(IEnumerable<Decision> decisions) => string.Concat(decisions.Select(d => d.Skip ? 's' : 'C'));
}
