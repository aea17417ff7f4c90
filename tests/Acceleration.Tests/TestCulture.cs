using System.Globalization;
using System.Runtime.CompilerServices;

namespace Acceleration.Tests;

/// <summary>
/// The culture of all tests: decimal commas, a point between thousands, a minus sign that is not ASCII's. Whatever is written for machines must come out the same. <c>ACCELERATION_TEST_CULTURE=machine</c> takes the machine's own.
/// </summary>
internal static class TestCulture
{
    [ModuleInitializer]
    internal static void Use()
    {
        if (Environment.GetEnvironmentVariable("ACCELERATION_TEST_CULTURE") == "machine")
        {
            return;
        }

        // Programs here have no culture data, so it is made by hand.
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = culture.NumberFormat.PercentDecimalSeparator = culture.NumberFormat.CurrencyDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = culture.NumberFormat.PercentGroupSeparator = culture.NumberFormat.CurrencyGroupSeparator = ".";
        culture.NumberFormat.NegativeSign = "\u2212";
        culture.DateTimeFormat.ShortDatePattern = "dd.MM.yyyy";
        culture.DateTimeFormat.DateSeparator = ".";
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = culture;
    }
}
