namespace Acceleration.Tests.Caching;

/// <summary>Results that agree up to rounding.</summary>
internal static class Close
{
    /// <param name="expected">What is right.</param>
    /// <param name="actual">What came.</param>
    /// <param name="tolerance">Part of the largest expected magnitude (at least 1) by which a value may differ; rounding on the device of the tests where nothing is said.</param>
    public static void All(float[] expected, float[] actual, double? tolerance = null)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = Math.Max(1, expected.Max(Math.Abs));
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= (tolerance ?? TestDevice.Rounding) * scale, $"[{i}] is {actual[i]:G9}, not {expected[i]:G9}");
        }
    }
}
