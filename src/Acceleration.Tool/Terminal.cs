using Spectre.Console;

namespace Acceleration.Tool;

/// <summary>Where a command reads its token from and writes to.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Errors.</param>
/// <param name="Cancellation">Set by Ctrl-C.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, CancellationToken Cancellation)
{
    /// <summary>Exit code for anything that went wrong.</summary>
    public const int Failed = 2;

    /// <summary>Exit code after Ctrl-C.</summary>
    public const int Stopped = 130;

    /// <summary>Whether stack traces are wanted.</summary>
    public bool Verbose { get; set; }

    /// <summary>A console for tables on <see cref="Out"/>; lines do not break where it is a file.</summary>
    public IAnsiConsole Console() => ConsoleOn(Out);

    /// <summary>A console for progress on <see cref="Error"/>, so that results can be piped.</summary>
    public IAnsiConsole ErrorConsole() => ConsoleOn(Error);

    /// <summary>Runs a command's body; every error becomes one line.</summary>
    public int Guard(Func<int> body)
    {
        try
        {
            return body();
        }
        catch (OperationCanceledException)
        {
            Error.WriteLine("Stopped.");
            return Stopped;
        }
        catch (Exception e)
        {
            return Fail(ErrorLine.Of(e), e);
        }
    }

    /// <summary>Writes one line about what went wrong, and the stack trace where wanted.</summary>
    /// <returns><see cref="Failed"/>.</returns>
    public int Fail(string line, Exception? cause = null)
    {
        Error.WriteLine($"error: {line}");
        if (Verbose && cause is not null)
        {
            Error.WriteLine(cause);
        }

        return Failed;
    }

    private static IAnsiConsole ConsoleOn(TextWriter writer)
    {
        var real = (ReferenceEquals(writer, System.Console.Out) && !System.Console.IsOutputRedirected) || (ReferenceEquals(writer, System.Console.Error) && !System.Console.IsErrorRedirected);
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(writer), Ansi = real ? AnsiSupport.Detect : AnsiSupport.No, Interactive = real ? InteractionSupport.Detect : InteractionSupport.No });
        if (!real)
        {
            console.Profile.Width = short.MaxValue;
        }

        return console;
    }
}
