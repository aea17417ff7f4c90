using Acceleration.Policy;
using Acceleration.Samples;

namespace Acceleration.Tests.Models;

/// <summary>The samples' command lines, by the one of them with most kinds of options.</summary>
public sealed class SampleArgumentsTests
{
    [Fact]
    public void OptionsAreReadInAnyOrder()
    {
        var options = Read("--only", "DDIM", "--episodes", "12", "--only", "Forecast", "--out", "there");

        Assert.Equal(12, options.Episodes);
        Assert.Equal(["DDIM", "Forecast"], options.Only);
        Assert.Equal("there", options.Out);
        Assert.Null(options.Count);
    }

    [Theory]
    [InlineData("There is no option '--episode'.", "--episode", "3")]
    [InlineData("There is no option 'DDIM'.", "DDIM")]
    [InlineData("--out needs a value.", "--episodes", "3", "--out")]
    [InlineData("--out needs a value.", "--out", "")]
    [InlineData("--episodes takes a whole number from 1 to 1000000, not '0'.", "--episodes", "0")]
    [InlineData("--episodes takes a whole number from 1 to 1000000, not '1000001'.", "--episodes", "1000001")]
    [InlineData("--count takes a whole number from 1 to 1000000, not '3.5'.", "--count", "3.5")]
    public void WhatIsWrongIsSaid(string message, params string[] arguments) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => Read(arguments)).Message);

    [Theory]
    [InlineData(true, "--help")]
    [InlineData(true, "--episodes", "3", "-h", "--out", "there")]
    [InlineData(false, "--out", "--help")]
    public void HelpIsNoticedWhereAnOptionCanStand(bool asked, params string[] arguments)
    {
        var line = new Arguments(arguments);
        PolicyOptions.Parse(line);

        Assert.Equal(asked, line.Help);
    }

    private static PolicyOptions Read(params string[] arguments) => PolicyOptions.Parse(new(arguments));
}
