using System.Numerics;

namespace Acceleration.Policy;

/// <summary>A disc in the way.</summary>
/// <param name="Centre">Its centre.</param>
/// <param name="Radius">Its radius.</param>
internal readonly record struct Obstacle(Vector2 Centre, float Radius);
