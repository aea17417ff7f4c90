namespace Acceleration;

/// <summary>How skipped work is approximated: the third of the three lists, itself a choice of quantity, forecast and abscissa.</summary>
public interface IHow
{
    /// <summary>Short form for tags.</summary>
    string Tag { get; }

    /// <summary>What is remembered and made up.</summary>
    Quantity Quantity { get; }

    /// <summary>How it continues what was remembered.</summary>
    IForecast Forecast { get; }

    /// <summary>Over what it is continued.</summary>
    Abscissa Abscissa { get; }
}
