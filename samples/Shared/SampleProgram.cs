namespace Acceleration.Samples;

/// <summary>What the samples' programs have around them: usage, Ctrl-C, exit codes.</summary>
internal static class SampleProgram
{
    /// <summary>Exit code of a run that was stopped with Ctrl-C.</summary>
    public const int Stopped = 130;

    private const int WrongUsage = 2;

    /// <summary>Reads the command line and runs.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="parse">Reads it; a <see cref="FormatException"/> says what is wrong with it.</param>
    /// <param name="usage">Printed for <c>--help</c>, and after what is wrong.</param>
    /// <param name="product">What is not there when it was stopped, for example <c>report</c>.</param>
    /// <param name="run">Does it, and returns the exit code.</param>
    /// <returns>The exit code.</returns>
    public static int Run<TOptions>(IReadOnlyList<string> arguments, Func<Arguments, TOptions> parse, string usage, string product, Func<TOptions, CancellationToken, int> run)
    {
        var line = new Arguments(arguments);
        TOptions options;
        try
        {
            options = parse(line);
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine($"{e.Message}\n\n{usage}");
            return WrongUsage;
        }

        if (line.Help)
        {
            Console.WriteLine(usage);
            return 0;
        }

        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            stop.Cancel();
        };

        // Before the first operator, and everything on this one thread: a second computing thread would bring a second pool of workers.
        Runtime.Tune();
        try
        {
            return run(options, stop.Token);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine($"Stopped; no {product} was written.");
            return Stopped;
        }
    }
}
