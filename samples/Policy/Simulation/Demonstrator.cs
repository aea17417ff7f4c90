using System.Numerics;

namespace Acceleration.Policy;

/// <summary>Shows how it is done: passes the disc on a side that it has chosen by lot, so that one scene has two right ways and their average is a collision.</summary>
internal sealed class Demonstrator
{
    private const float Clearance = 0.14f;
    private const float Spacing = 0.01f;
    private const int Ahead = 11;
    private const float Slowing = 0.12f;
    private const float Nervousness = 0.3f;

    private readonly Robot _robot;
    private readonly Random _random;
    private readonly Vector2[] _way;
    private int _nearest;

    public Demonstrator(Scene scene, int seed)
    {
        _robot = new(scene);
        _random = new(seed);
        _way = [.. Way(scene)];
    }

    public Robot Robot => _robot;

    /// <summary>Goes one step; now and then its hand slips, so that there is something to be learned about coming back.</summary>
    /// <returns>What it meant to do.</returns>
    public Vector2 Step()
    {
        // The nearest point of the way, never back.
        for (var i = _nearest; i < Math.Min(_nearest + (2 * Ahead), _way.Length); i++)
        {
            if (Vector2.Distance(_robot.Position, _way[i]) < Vector2.Distance(_robot.Position, _way[_nearest]))
            {
                _nearest = i;
            }
        }

        var aim = _way[Math.Min(_nearest + Ahead, _way.Length - 1)] - _robot.Position;
        var action = aim / Math.Max(aim.Length(), Slowing);
        _robot.Step(action + (Nervousness * new Vector2(Slip(), Slip())));
        return action;
    }

    private float Slip() => (2 * _random.NextSingle()) - 1;

    /// <summary>A straight line to the disc, a quarter of the way around it, and a straight line to the goal, in points of equal distance.</summary>
    private IEnumerable<Vector2> Way(Scene scene)
    {
        var (centre, radius) = scene.Obstacle;
        var side = _random.Next(2) == 0 ? 1 : -1;
        Vector2[] corners =
        [
            scene.Start,
            .. Enumerable.Range(0, 5).Select(i => centre + ((radius + Robot.Radius + Clearance) * Direction((135 - (i * 22.5f)) * side))),
            scene.Goal,
        ];
        for (var i = 1; i < corners.Length; i++)
        {
            var points = (int)MathF.Ceiling(Vector2.Distance(corners[i - 1], corners[i]) / Spacing);
            for (var k = 0; k < points; k++)
            {
                yield return Vector2.Lerp(corners[i - 1], corners[i], (float)k / points);
            }
        }

        yield return scene.Goal;
    }

    private static Vector2 Direction(float degrees) => new(MathF.Cos(degrees * MathF.PI / 180), MathF.Sin(degrees * MathF.PI / 180));
}
