using System.Globalization;
using SkiaSharp;

namespace Acceleration.Reporting;

/// <summary>Draws a <see cref="MeasuredCurve"/> as PNG. Letters need a font of the system: where it has none, lines and strips are drawn without.</summary>
public sealed class CurvePicture : IDisposable
{
    private const int Width = 1120;
    private const int Left = 92;
    private const int Right = 860;
    private const int Top = 56;
    private const int Bottom = 420;
    private const int StripTop = 484;
    private const int StripHeight = 15;
    private const int MostStrips = 400;
    private static readonly SKColor Ink = new(0x22, 0x22, 0x22);
    private static readonly SKColor Faint = new(0xDD, 0xDD, 0xDD);
    private static readonly SKColor Skipped = new(0xEC, 0xEC, 0xEC);
    private static readonly SKColor Limit = new(0xB0, 0x30, 0x30);

    // Colours that are told apart by all kinds of sight (Okabe and Ito).
    private static readonly SKColor[] Colours = [new(0x00, 0x72, 0xB2), new(0xD5, 0x5E, 0x00), new(0x00, 0x9E, 0x73), new(0xCC, 0x79, 0xA7), new(0xE6, 0x9F, 0x00), new(0x56, 0xB4, 0xE9), new(0x00, 0x00, 0x00)];

    private readonly MeasuredCurve _curve;
    private readonly StepStrip[] _strips;
    private readonly LinearAxis _x;
    private readonly LinearAxis _y;
    private readonly SKPaint _paint = new() { IsAntialias = true, TextSize = 14 };

    private CurvePicture(MeasuredCurve curve)
    {
        (_curve, _strips) = (curve, [.. curve.Strips.Take(MostStrips)]);
        (double X, double Y)[] points = [.. curve.Lines.SelectMany(l => l.Points).Where(IsFinite)];
        var (from, to) = points.Length == 0 ? (0.0, 1.0) : (points.Min(p => p.X), points.Max(p => p.X));
        var (low, high) = points.Length == 0 ? (0.0, 1.0) : (points.Min(p => p.Y), points.Max(p => p.Y));

        // A level far outside would press the curves flat.
        if (curve.Level is { } level && level <= high + (high - low) && level >= low - (high - low))
        {
            (low, high) = (Math.Min(low, level), Math.Max(high, level));
        }

        // A step stands above its cell of the strips.
        var (pad, margin) = (Math.Max(1e-9, (to - from) * 0.02), Math.Max(1e-9, (high - low) * 0.06));
        _x = curve.IsOverSteps && curve.Steps > 0 ? new(-0.5, curve.Steps - 0.5, Left, Right) : new(from - pad, to + pad, Left, Right);
        _y = new(low - margin, high + margin, Bottom, Top);
    }

    /// <summary>The bytes of a PNG file.</summary>
    /// <exception cref="InvalidOperationException">The picture cannot be made.</exception>
    public static byte[] Png(MeasuredCurve curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        using var picture = new CurvePicture(curve);
        return picture.Encode();
    }

    /// <inheritdoc/>
    public void Dispose() => _paint.Dispose();

    private byte[] Encode()
    {
        var height = _strips.Length == 0 ? StripTop - 10 : StripTop + (_strips.Length * StripHeight) + 14;
        using var surface = SKSurface.Create(new SKImageInfo(Width, height, SKColorType.Rgba8888, SKAlphaType.Premul)) ?? throw new InvalidOperationException($"A drawing of {Width}×{height} pixels cannot be made.");
        surface.Canvas.Clear(SKColors.White);
        Frame(surface.Canvas);
        for (var i = 0; i < _curve.Lines.Count; i++)
        {
            Line(surface.Canvas, _curve.Lines[i], Colours[i % Colours.Length], i);
        }

        Level(surface.Canvas);
        for (var i = 0; i < _strips.Length; i++)
        {
            Strip(surface.Canvas, _strips[i], StripTop + (i * StripHeight));
        }

        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100) ?? throw new InvalidOperationException($"A drawing of {Width}×{height} pixels cannot be encoded as PNG.");
        return data.ToArray();
    }

    private void Frame(SKCanvas canvas)
    {
        foreach (var t in _y.Ticks(6))
        {
            Stroke(canvas, Left, _y.At(t), Right, _y.At(t), Faint);
            Write(canvas, Number(t), Left - 8, _y.At(t) + 5, SKTextAlign.Right);
        }

        foreach (var t in _x.Ticks(8))
        {
            Stroke(canvas, _x.At(t), Top, _x.At(t), Bottom, Faint);
            Write(canvas, Number(t), _x.At(t), Bottom + 20, SKTextAlign.Center);
        }

        Stroke(canvas, Left, Bottom, Right, Bottom, Ink);
        Write(canvas, _curve.Title, Left, 30, SKTextAlign.Left, 18);
        Write(canvas, _curve.XTitle, (Left + Right) / 2.0, Bottom + 42, SKTextAlign.Center);
        canvas.Save();
        canvas.Translate(22, (Top + Bottom) / 2f);
        canvas.RotateDegrees(-90);
        Write(canvas, _curve.YTitle, 0, 0, SKTextAlign.Center);
        canvas.Restore();
    }

    private void Line(SKCanvas canvas, MeasuredLine line, SKColor colour, int number)
    {
        (_paint.Color, _paint.StrokeWidth) = (colour, 2);
        var y = Top + 8 + (number * 22);
        canvas.DrawCircle(Right + 22, y, 5, Filled());
        Write(canvas, line.Name, Right + 34, y + 5, SKTextAlign.Left);
        _paint.Color = line.IsDots ? colour.WithAlpha(0x70) : colour;
        (double X, double Y)? before = null;
        foreach (var point in line.Points)
        {
            if (!IsFinite(point))
            {
                before = null;
                continue;
            }

            if (line.IsDots)
            {
                canvas.DrawCircle((float)_x.At(point.X), (float)_y.At(point.Y), 2.5f, Filled());
            }
            else if (before is { } last)
            {
                canvas.DrawLine((float)_x.At(last.X), (float)_y.At(last.Y), (float)_x.At(point.X), (float)_y.At(point.Y), _paint);
            }

            before = point;
        }
    }

    private void Level(SKCanvas canvas)
    {
        if (_curve.Level is { } level)
        {
            Stroke(canvas, Left, _y.At(level), Right, _y.At(level), Limit);
            Write(canvas, string.Create(CultureInfo.InvariantCulture, $"{_curve.LevelName} {level:0.#####}"), Right + 8, _y.At(level) + 5, SKTextAlign.Left, colour: Limit);
        }
    }

    /// <summary>Computed steps are dark.</summary>
    private void Strip(SKCanvas canvas, StepStrip strip, int top)
    {
        var (cell, computed) = ((Right - Left) / (float)Math.Max(1, _curve.Steps), strip.Computed.ToHashSet());
        for (var i = 0; i < _curve.Steps; i++)
        {
            _paint.Color = computed.Contains(i) ? Colours[0] : Skipped;
            canvas.DrawRect(Left + (i * cell), top, Math.Max(0.5f, cell - 1), StripHeight - 2, Filled());
        }

        Write(canvas, string.Create(CultureInfo.InvariantCulture, $"{strip.Name}: {computed.Count}"), Right + 8, top + 11, SKTextAlign.Left, 11);
    }

    private SKPaint Filled()
    {
        _paint.Style = SKPaintStyle.Fill;
        return _paint;
    }

    private void Stroke(SKCanvas canvas, double x0, double y0, double x1, double y1, SKColor colour)
    {
        (_paint.Color, _paint.StrokeWidth) = (colour, 1);
        canvas.DrawLine((float)x0, (float)y0, (float)x1, (float)y1, _paint);
    }

    private void Write(SKCanvas canvas, string text, double x, double y, SKTextAlign align, float size = 13, SKColor? colour = null)
    {
        var before = _paint.Color;
        (_paint.Color, _paint.TextAlign, _paint.TextSize) = (colour ?? Ink, align, size);
        canvas.DrawText(text, (float)x, (float)y, Filled());
        _paint.Color = before;
    }

    /// <summary>Zero has no sign here.</summary>
    private static string Number(double value) => (value + 0.0).ToString("0.#####", CultureInfo.InvariantCulture);

    private static bool IsFinite((double X, double Y) point) => double.IsFinite(point.X) && double.IsFinite(point.Y);
}
