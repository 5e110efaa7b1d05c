"""What an agent asks about her data: to erase what may go, to correct what is wrong; the clock and the secretariat's answer."""
