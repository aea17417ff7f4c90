using System.Numerics;

namespace Acceleration.Policy;

/// <summary>A round robot that is told a velocity and follows it with some delay: two observations, one after the other, tell how it moves.</summary>
internal sealed class Robot
{
    /// <summary>Numbers in an observation: where the robot is and, seen from there, the goal and the disc, then the disc's radius; twice the lengths.</summary>
    public const int ObservationSize = 7;

    /// <summary>Numbers in an action: a velocity, each between −1 and 1.</summary>
    public const int ActionSize = 2;

    public const float Radius = 0.04f;
    public const float Arrival = 0.06f;
    public const int MostSteps = 90;
    private const float Scale = 2;
    private const float Speed = 0.05f;
    private const float Response = 0.5f;

    private readonly Scene _scene;
    private readonly List<Vector2> _path;
    private Vector2 _velocity;

    public Robot(Scene scene) => (_scene, _path) = (scene, [scene.Start]);

    public Vector2 Position => _path[^1];

    /// <summary>All places where it has been, the start first.</summary>
    public IReadOnlyList<Vector2> Path => _path;

    public Outcome Outcome { get; private set; }

    /// <summary>What it sees now, or saw some steps ago.</summary>
    /// <param name="into">[<see cref="ObservationSize"/>].</param>
    /// <param name="ago">Steps ago; before the start it stood at the start.</param>
    public void Observe(Span<float> into, int ago = 0)
    {
        var at = _path[Math.Max(0, _path.Count - 1 - ago)];
        var (goal, (centre, radius)) = (_scene.Goal - at, _scene.Obstacle);
        var disc = centre - at;
        ReadOnlySpan<float> seen = [at.X, at.Y, goal.X, goal.Y, disc.X, disc.Y, radius];
        for (var i = 0; i < seen.Length; i++)
        {
            into[i] = Scale * seen[i];
        }
    }

    /// <summary>Moves for one step.</summary>
    /// <param name="action">The velocity wanted; what lies outside of −1 to 1 is cut.</param>
    public void Step(Vector2 action)
    {
        if (Outcome != Outcome.Running)
        {
            return;
        }

        _velocity += Response * ((Vector2.Clamp(action, -Vector2.One, Vector2.One) * Speed) - _velocity);
        _path.Add(Position + _velocity);
        Outcome = Touches(Position) ? Outcome.Collided
            : Vector2.Distance(Position, _scene.Goal) < Arrival ? Outcome.Arrived
            : _path.Count > MostSteps ? Outcome.Late
            : Outcome.Running;
    }

    private bool Touches(Vector2 at) =>
        Math.Max(Math.Abs(at.X), Math.Abs(at.Y)) > 1 - Radius || Vector2.Distance(at, _scene.Obstacle.Centre) < _scene.Obstacle.Radius + Radius;
}
