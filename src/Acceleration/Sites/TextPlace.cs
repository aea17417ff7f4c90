namespace Acceleration;

/// <summary>Where text tokens lie in a joint stream.</summary>
public enum TextPlace
{
    /// <summary>Text first, as in FLUX.</summary>
    Before,

    /// <summary>Image first, as in SD3.</summary>
    After,
}
