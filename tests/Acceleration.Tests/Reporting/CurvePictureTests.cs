using Acceleration.Reporting;
using SkiaSharp;

namespace Acceleration.Tests.Reporting;

public sealed class CurvePictureTests
{
    private static readonly SKColor First = new(0x00, 0x72, 0xB2);
    private static readonly SKColor Second = new(0xD5, 0x5E, 0x00);

    [Fact]
    public void LinesDotsLevelAndStripsAreDrawn()
    {
        using var picture = Draw(new("title", "step", "value")
        {
            Lines = [MeasuredLine.Over("line", [0.0, 1, 0.5, 0.2]), new("dots", [(0, 0.5), (3, 0.9)]) { IsDots = true }],
            Level = 0.7,
            Strips = [new("all", [0, 1, 2, 3]), new("half", [0, 2])],
            Steps = 4,
        });
        var counts = picture.Pixels.GroupBy(p => p).ToDictionary(g => g.Key, g => g.Count());

        // A strip's cells are a quarter of 768 pixels wide and 13 high: six are filled, two are empty.
        Assert.InRange(counts[First], 6 * 190 * 13, (6 * 194 * 13) + 4000);
        Assert.InRange(counts[new(0xEC, 0xEC, 0xEC)], 2 * 189 * 13, 2 * 194 * 13);
        Assert.Contains(new SKColor(0xB0, 0x30, 0x30), counts.Keys);
        Assert.Contains(Second, counts.Keys);
    }

    /// <summary>A step stands above its cell.</summary>
    [Fact]
    public void StepsAndStripsAreInLine()
    {
        using var picture = Draw(new("title", "step", "value") { Lines = [new("dot", [(2, 0), (2, 1)])], Strips = [new("one", [2])], Steps = 8 });
        int[] line = [.. Enumerable.Range(92, 768).Where(x => picture.GetPixel(x, 200) == First)];
        int[] cell = [.. Enumerable.Range(92, 768).Where(x => picture.GetPixel(x, 490) == First)];
        Assert.InRange(line.Average(), cell.Average() - 1.5, cell.Average() + 1.5);
        Assert.InRange(cell.Length, 94, 96);
    }

    /// <summary>Nothing, one point, numbers that are none, a level far away: drawn all the same.</summary>
    [Fact]
    public void WhatIsNotMuchIsDrawn()
    {
        foreach (var curve in new MeasuredCurve[]
        {
            new("", "", ""),
            new("a", "b", "c") { Lines = [new("one", [(1, 1)])], IsOverSteps = false },
            new("a", "b", "c") { Lines = [MeasuredLine.Over("none", [double.NaN, double.PositiveInfinity])], Steps = 2 },
            new("a", "b", "c") { Lines = [MeasuredLine.Over("flat", [2.0, 2, 2])], Level = 1e9, Steps = 3, Strips = [new("s", [])] },
        })
        {
            using var picture = Draw(curve);
            Assert.Equal(1120, picture.Width);
        }
    }

    private static SKBitmap Draw(MeasuredCurve curve) => SKBitmap.Decode(CurvePicture.Png(curve));
}
