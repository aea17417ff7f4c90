using System.Numerics;

namespace Acceleration.Policy;

/// <summary>Where the robot begins, where it shall arrive, and the disc between. The arena reaches from −1 to 1 in both directions.</summary>
/// <param name="Start">Centre of the robot at first.</param>
/// <param name="Goal">Where its centre shall come.</param>
/// <param name="Obstacle">A disc that can be passed on either side.</param>
internal sealed record Scene(Vector2 Start, Vector2 Goal, Obstacle Obstacle)
{
    /// <summary>The scene of a seed; the same on every machine.</summary>
    public static Scene Of(int seed)
    {
        var random = new Random(seed);
        float Within(float from, float to) => from + ((to - from) * random.NextSingle());
        return new(
            new(Within(-0.9f, -0.8f), Within(-0.4f, 0.4f)),
            new(Within(0.8f, 0.9f), Within(-0.4f, 0.4f)),
            new(new(Within(-0.15f, 0.15f), Within(-0.2f, 0.2f)), Within(0.18f, 0.28f)));
    }
}
