namespace Acceleration.Fuzz;

/// <summary>Something that takes hostile input. A new one is one class and one line in <see cref="FuzzTargets"/>.</summary>
internal interface IFuzzTarget
{
    /// <summary>Its name on the command line and in the report.</summary>
    string Name { get; }

    /// <summary>How often it is chosen, relative to the others.</summary>
    int Weight { get; }

    /// <summary>Managed bytes that any input may cost, however small it is: buffers, and what a few characters may rightly ask for.</summary>
    long Allowance => 64L << 20;

    /// <summary>Makes one input from valid ones. Equal random numbers give equal bytes.</summary>
    byte[] Make(Random random);

    /// <summary>Feeds it to the library. Whatever the library gives out is used and released.</summary>
    /// <returns>What became of it, for the report: "read", or the exception that was expected.</returns>
    /// <exception cref="Exception">Anything that the library does not promise for such input: a finding.</exception>
    string Run(byte[] input);
}
