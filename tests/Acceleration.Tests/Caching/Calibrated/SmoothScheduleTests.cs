namespace Acceleration.Tests.Caching.Calibrated;

public sealed class SmoothScheduleTests
{
    [Fact]
    public void EachComputedStepServesAsFarAsItsErrorsAllow()
    {
        // Lookback 1 and 2 at each of 7 steps. Step 0 may serve to 2 although not to 1: only the end is asked.
        var errors = new[,] { { 0.9, 0.1, 0.1, 0.3, 0.1, 0.1, 0 }, { 0.2, 0.9, 0.9, 0.9, 0.9, 0, 0 } };
        Assert.Equal([0, 3, 4, 6], SmoothSchedule.Of(errors, 0.2));
        Assert.Equal([0, 3, 5, 6], SmoothSchedule.Of(errors, 0.3));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], SmoothSchedule.Of(errors, 0));
        Assert.Equal([0, 3, 6], SmoothSchedule.Of(errors, 1));
    }

    [Fact]
    public void LargerThresholdsNeverComputeMoreWhereLongerJumpsCostMore()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            // A jump costs what lies between its ends.
            var random = new Random(seed);
            double[] moved = [.. Enumerable.Range(0, 50).Select(_ => random.NextDouble())];
            var errors = new double[4, 50];
            for (var j = 1; j <= 4; j++)
            {
                for (var i = 0; i + j < 50; i++)
                {
                    errors[j - 1, i] = moved[i..(i + j)].Sum();
                }
            }

            int[] counts = [.. Enumerable.Range(0, 60).Select(a => SmoothSchedule.Of(errors, a * 0.07).Count)];
            Assert.Equal(counts.OrderDescending(), counts);
            Assert.Equal((50, 11), (counts[0], counts[^1]));
        }
    }

    [Fact]
    public void NothingIsReusedWhereNothingWasMeasured() =>
        Assert.Equal([0, 1, 2, 3], SmoothSchedule.Of(new[,] { { double.NaN, double.NaN, double.NaN, double.NaN } }, 1));

    [Fact]
    public void OneStepIsComputed()
    {
        Assert.Equal([0], SmoothSchedule.Of(new double[3, 1], 1));
        Assert.Equal([0, 1], SmoothSchedule.Of(new double[3, 2], 1));
        Assert.Throws<ArgumentException>(() => SmoothSchedule.Of(new double[3, 0], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SmoothSchedule.Of(new double[3, 4], -0.1));
    }
}
