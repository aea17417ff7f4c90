using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Checks golden files by their own metadata.</summary>
internal static class Verification
{
    /// <summary>Checks one file. Never throws because of what is in it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="found">Whether it was found in a directory, where weights may lie that other files refer to.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static CheckResult Of(string path, bool found = false, CancellationToken cancellation = default) => Guarded(path, findings =>
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        using var file = GoldenFile.Open(path);
        if (found && file.Kind == "weights")
        {
            return "it holds weights that other golden files refer to.";
        }

        var check = Checks.For(file);
        check.Run(file, findings, cancellation);
        file.RequireAllRead();
        return null;
    });

    /// <summary>Checks the tokenizer in a folder. Never throws because of what is in it.</summary>
    /// <inheritdoc cref="Of"/>
    public static CheckResult OfTokenizer(string folder, CancellationToken cancellation = default) => Guarded(folder, findings =>
    {
        TokenizerFolder.Check(folder, findings, cancellation);
        return null;
    });

    /// <param name="path">What is checked.</param>
    /// <param name="check">Checks it; returns why there is nothing to compare, or null.</param>
    private static CheckResult Guarded(string path, Func<Findings, string?> check)
    {
        var findings = new Findings();
        try
        {
            return check(findings) is { } nothing
                ? Result(Verdict.Nothing, nothing, null)
                : Result(findings.Refusals.Count > 0 ? Verdict.Unknown : Verdict.Holds, string.Join(" ", findings.Refusals), null);
        }
        catch (NotKnownException e)
        {
            return Result(Verdict.Unknown, e.Message, e);
        }
        catch (CheckpointException e) when (e.InnerException is NotKnownException known)
        {
            return Result(Verdict.Unknown, known.Message, e);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Result(Verdict.Unreadable, Reason(e), e);
        }

        // What was compared before something turned out to be unknown has been compared all the same.
        CheckResult Result(Verdict verdict, string? reason, Exception? cause)
        {
            var all = findings.All;
            var missed = all.Any(f => !f.Holds);
            if (verdict == Verdict.Holds && all.Count == 0)
            {
                return new(path, Verdict.Unreadable, all, "it holds nothing that can be compared.", null);
            }

            return new(path, missed ? Verdict.Misses : verdict, all, string.IsNullOrEmpty(reason) ? null : ErrorLine.Single(reason), cause);
        }
    }

    private static string Reason(Exception e) => e switch
    {
        CheckpointException or JsonException => e.Message,
        _ => $"it cannot be rebuilt: {e.Message.Split('\n')[0].Trim()}",
    };
}
