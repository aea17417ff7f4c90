namespace Acceleration;

/// <summary>How a few inference timesteps are picked from the training steps (Lin et al., 2023, table 2).</summary>
public enum TimestepSpacing
{
    /// <summary>Evenly from the last training step to the first, both included.</summary>
    Linspace,

    /// <summary>Multiples of a whole stride, counted from 0: the last training steps are never visited.</summary>
    Leading,

    /// <summary>Whole strides counted down from the last training step.</summary>
    Trailing,
}
