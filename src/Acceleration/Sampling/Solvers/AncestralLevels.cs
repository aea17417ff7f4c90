namespace Acceleration;

/// <summary>How an ancestral step divides: down without noise, then up with it. In the float32 operations of the reference, because σ_down² is a difference of nearly equal numbers.</summary>
/// <param name="Down">σ_down.</param>
/// <param name="Up">σ_up.</param>
internal readonly record struct AncestralLevels(float Down, float Up)
{
    public static AncestralLevels Of(float from, float to)
    {
        var up = MathF.Sqrt(to * to * ((from * from) - (to * to)) / (from * from));
        return new(MathF.Sqrt((to * to) - (up * up)), up);
    }
}
