namespace Acceleration;

/// <summary>A forecast as a weighted sum of remembered entries.</summary>
public interface IForecast
{
    /// <summary>Short form for tags.</summary>
    string Tag { get; }

    /// <summary>Entries used, the newest included.</summary>
    int Depth { get; }

    /// <summary>Entries without which work is computed rather than forecast.</summary>
    int AtLeast => Depth;

    /// <summary>Steps that a run may have.</summary>
    int MostSteps => int.MaxValue;

    /// <summary>Why it cannot be used over an abscissa, or null.</summary>
    string? Refuse(Abscissa over) => null;

    /// <summary>Weights of the entries, newest first.</summary>
    /// <param name="nodes">Abscissa of each entry, newest first: between <see cref="AtLeast"/> and <see cref="Depth"/> of them, all different.</param>
    /// <param name="target">Abscissa to forecast.</param>
    double[] Weights(ReadOnlySpan<double> nodes, double target);
}
