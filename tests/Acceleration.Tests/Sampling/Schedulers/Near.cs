namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>Number lists that agree up to float32 rounding.</summary>
internal static class Near
{
    public static void All(IEnumerable<double> expected, IEnumerable<double> actual, double relative = 1e-5)
    {
        var (wanted, got) = (expected.ToArray(), actual.ToArray());
        Assert.Equal(wanted.Length, got.Length);
        for (var i = 0; i < wanted.Length; i++)
        {
            Assert.True(Math.Abs(wanted[i] - got[i]) <= relative * Math.Abs(wanted[i]), $"[{i}] is {got[i]:G9}, not {wanted[i]:G9}");
        }
    }
}
