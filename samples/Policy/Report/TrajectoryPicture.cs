using System.Numerics;
using SkiaSharp;

namespace Acceleration.Policy;

/// <summary>Draws rollouts: a row of scenes, and in each the ways that several robots took.</summary>
internal static class TrajectoryPicture
{
    private const int Side = 240;
    private const int Gap = 10;
    private static readonly SKColor Ground = new(0xF4, 0xF4, 0xF1);
    private static readonly SKColor Wall = new(0xC9, 0xC9, 0xC4);
    private static readonly SKColor Disc = new(0x6B, 0x70, 0x76);
    private static readonly SKColor Good = new(0x1F, 0x77, 0xB4, 0xA0);
    private static readonly SKColor Bad = new(0xD6, 0x27, 0x28, 0xD0);
    private static readonly SKColor Target = new(0x2C, 0xA0, 0x2C);

    /// <summary>A PNG of one row for each list of scenes; arrivals are blue, collisions and late ones red.</summary>
    public static byte[] Png(IReadOnlyList<Scene> scenes, params IReadOnlyList<IReadOnlyList<IReadOnlyList<Robot>>> rows)
    {
        using var surface = SKSurface.Create(new SKImageInfo((scenes.Count * (Side + Gap)) - Gap, (rows.Count * (Side + Gap)) - Gap, SKColorType.Rgba8888, SKAlphaType.Premul));
        for (var row = 0; row < rows.Count; row++)
        {
            for (var i = 0; i < scenes.Count; i++)
            {
                surface.Canvas.Save();
                surface.Canvas.Translate(i * (Side + Gap), row * (Side + Gap));
                surface.Canvas.ClipRect(new(0, 0, Side, Side));
                Draw(surface.Canvas, scenes[i], rows[row][i]);
                surface.Canvas.Restore();
            }
        }

        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static void Draw(SKCanvas canvas, Scene scene, IReadOnlyList<Robot> robots)
    {
        using var paint = new SKPaint { IsAntialias = true, StrokeCap = SKStrokeCap.Round, StrokeJoin = SKStrokeJoin.Round };
        canvas.Clear(Ground);
        paint.Color = Disc;
        canvas.DrawCircle(Place(scene.Obstacle.Centre), scene.Obstacle.Radius * Side / 2, paint);

        foreach (var robot in robots.OrderByDescending(r => r.Outcome == Outcome.Arrived))
        {
            (paint.Color, paint.Style, paint.StrokeWidth) = (robot.Outcome == Outcome.Arrived ? Good : Bad, SKPaintStyle.Stroke, 1.5f);
            using var path = new SKPath();
            path.MoveTo(Place(robot.Path[0]));
            foreach (var at in robot.Path.Skip(1))
            {
                path.LineTo(Place(at));
            }

            canvas.DrawPath(path, paint);
            if (robot.Outcome != Outcome.Arrived)
            {
                paint.Style = SKPaintStyle.Fill;
                canvas.DrawCircle(Place(robot.Position), 3, paint);
            }
        }

        (paint.Color, paint.Style) = (SKColors.Black, SKPaintStyle.Fill);
        canvas.DrawCircle(Place(scene.Start), 4, paint);
        (paint.Color, paint.Style, paint.StrokeWidth) = (Target, SKPaintStyle.Stroke, 2.5f);
        canvas.DrawCircle(Place(scene.Goal), Robot.Arrival * Side / 2, paint);
        (paint.Color, paint.StrokeWidth) = (Wall, 2);
        canvas.DrawRect(1, 1, Side - 2, Side - 2, paint);
    }

    private static SKPoint Place(Vector2 at) => new((at.X + 1) * Side / 2, (1 - at.Y) * Side / 2);
}
