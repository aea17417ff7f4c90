using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Acceleration;

/// <summary>
/// A private (copy-on-write) mapping of a whole file. It stays mapped until it is disposed and every address it has
/// lent is returned, so tensors over it may outlive the object that opened the file.
/// </summary>
internal sealed class FileMapping : IDisposable
{
    private static readonly Lock Gate = new();

    // Mappings whose only remaining users may be native tensors, which the garbage collector does not see.
    private static readonly List<FileMapping> Lent = [];

    private readonly MemoryMappedViewAccessor _view;
    private readonly nint _start;
    private readonly long _length;
    private long _loans;
    private bool _closed;

    public FileMapping(SafeFileHandle handle, long length)
    {
        using var file = MemoryMappedFile.CreateFromFile(
            handle, mapName: null, length, MemoryMappedFileAccess.CopyOnWrite, HandleInheritability.None, leaveOpen: true);
        _view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.CopyOnWrite);
        _start = _view.SafeMemoryMappedViewHandle.DangerousGetHandle();
        _length = length;
    }

    public bool IsClosed
    {
        get
        {
            lock (Gate)
            {
                return _closed;
            }
        }
    }

    /// <summary>Gives the address of a byte of the file and keeps the mapping until <see cref="Return"/> is called with it.</summary>
    public nint Lend(long offset)
    {
        lock (Gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(SafetensorsFile));
            if (_loans++ == 0)
            {
                Lent.Add(this);
            }

            return _start + (nint)offset;
        }
    }

    /// <summary>
    /// Takes back an address that any mapping lent; called on whichever thread drops the last tensor over it.
    /// The address alone tells the mapping, since mappings that are still lent never share address ranges.
    /// </summary>
    public static void Return(nint address)
    {
        lock (Gate)
        {
            var mapping = Lent.Find(candidate => candidate.Holds(address));
            if (mapping is null || --mapping._loans > 0)
            {
                return;
            }

            Lent.Remove(mapping);
            if (mapping._closed)
            {
                mapping._view.Dispose();
            }
        }
    }

    public void Dispose()
    {
        lock (Gate)
        {
            if (!_closed && _loans == 0)
            {
                _view.Dispose();
            }

            _closed = true;
        }
    }

    private bool Holds(nint address) => address >= _start && address - _start < _length;
}
