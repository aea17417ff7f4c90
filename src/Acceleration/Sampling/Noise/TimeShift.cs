namespace Acceleration;

/// <summary>How the resolution-dependent shift μ of a flow schedule acts.</summary>
public enum TimeShift
{
    /// <summary>By the factor e^μ.</summary>
    Exponential,

    /// <summary>By the factor μ.</summary>
    Linear,
}
